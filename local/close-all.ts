interface Closable {
  close(): Promise<void>;
}

export async function closeAll(parts: readonly Closable[]): Promise<void> {
  for (const part of parts) await part.close();
}

/** What could not start leaves nothing behind that would keep the process alive. */
export function closing(parts: readonly Closable[]): (error: unknown) => Promise<never> {
  return async (error) => {
    await closeAll(parts);
    throw error;
  };
}
