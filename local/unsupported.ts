/**
 * How every service refuses what AWS supports and this cloud does not. A line enters the local
 * cloud only if a shipped function, a command or a documented client needs it.
 */
export function unsupported(what: string): string {
  return `the local cloud does not support ${what}: nothing that the promoter ships uses it`;
}
