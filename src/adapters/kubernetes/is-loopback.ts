const names: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether an address is on this machine, where no one can eavesdrop. */
export function isLoopback(server: string): boolean {
  return names.has(new URL(server).hostname);
}
