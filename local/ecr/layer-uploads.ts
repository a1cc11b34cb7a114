import { randomUUID } from "node:crypto";
import { digestOf } from "./digest.ts";
import { EcrFault } from "./ecr-fault.ts";
import type { Repository } from "./repository.ts";
import type { Storage } from "./storage.ts";

export interface LayerUpload {
  readonly id: string;
  readonly repository: string;
  readonly parts: Buffer[];
  size: number;
}

/** Uploads under way; both doors use them. */
export interface LayerUploads {
  start(repository: Repository): LayerUpload;
  find(repository: Repository, id: string): LayerUpload | undefined;
  append(upload: LayerUpload, bytes: Buffer): void;
  cancel(upload: LayerUpload): void;
  /**
   * Ends the upload. Stores it when it is what `digest` says; false when it is not. Throws
   * EmptyUploadException for no bytes at all.
   */
  complete(repository: Repository, upload: LayerUpload, digest: string): boolean;
}

export function createLayerUploads(storage: Storage, account: string): LayerUploads {
  const uploads = new Map<string, LayerUpload>();
  return {
    start(repository) {
      const upload = { id: randomUUID(), repository: repository.name, parts: [], size: 0 };
      uploads.set(upload.id, upload);
      return upload;
    },
    find(repository, id) {
      const upload = uploads.get(id);
      return upload?.repository === repository.name ? upload : undefined;
    },
    // Parts are joined once, at the end: joining at every chunk would copy a large layer over and over.
    append(upload, bytes) {
      if (bytes.length > 0) upload.parts.push(bytes);
      upload.size += bytes.length;
    },
    cancel: (upload) => void uploads.delete(upload.id),
    complete(repository, upload, digest) {
      if (upload.size === 0) throw emptyUpload(upload, account);
      uploads.delete(upload.id);
      const bytes = Buffer.concat(upload.parts);
      if (digestOf(bytes) !== digest) return false;
      storage.addBlob(repository, bytes);
      return true;
    },
  };
}

/** Text of devcontainers/cli issue 814. */
function emptyUpload({ id, repository }: LayerUpload, account: string): EcrFault {
  const where = `in the repository with name '${repository}' in registry with id '${account}'`;
  return new EcrFault(
    "EmptyUploadException",
    `The upload with id '${id}' ${where} cannot be completed because it does not have any parts`,
  );
}
