import type { OpenWork, Work } from "../../ports/open-work.ts";
import { isAbsent, joinKey, type Key } from "./key.ts";
import { fieldsOf, type Item } from "./marshal.ts";
import { queryItems } from "./query-items.ts";
import { deleteItem, putItem, updateItem, type Table } from "./table.ts";

/**
 * One partition for all, so that all open work is found in one place; two writes per promotion are
 * far from its limit of 1,000 a second.
 */
const allWork = joinKey("OPEN", "work");

export function dynamodbOpenWork(table: Table): OpenWork {
  return {
    async add(application, work) {
      // Added again, it keeps the time when it was first added.
      await putItem(table, keyOf(application, work), { fields: work, condition: isAbsent });
    },
    remove: (application, work) => deleteItem(table, keyOf(application, work)),
    async setAside(application, work, note) {
      await putItem(table, keyOf(application, work), { fields: work, condition: isAbsent });
      const set = ["#setAside = :note"];
      const { kind } = await updateItem(table, keyOf(application, work), {
        set,
        condition: "attribute_not_exists(#setAside)",
        values: { note },
      });
      return kind === "written";
    },
    async list(application) {
      const items = await queryItems(table, { pk: allWork, prefix: `${joinKey(application)}#` });
      return items.map((item) => fieldsOf<Work>(item));
    },
    async listAll() {
      const items = await queryItems(table, { pk: allWork, prefix: "" });
      const grouped = Map.groupBy(items, applicationOf);
      return new Map(
        [...grouped].map(([application, ofIt]) => [
          application,
          ofIt.map((item) => fieldsOf<Work>(item)),
        ]),
      );
    },
  };
}

function keyOf(application: string, work: Parameters<OpenWork["remove"]>[1]): Key {
  return {
    pk: allWork,
    sk: joinKey(application, work.kind, work.kind === "promotion" ? work.id : work.version),
  };
}

function applicationOf({ sk }: Item): string {
  const [application = ""] = (sk?.S ?? "").split("#");
  return application;
}
