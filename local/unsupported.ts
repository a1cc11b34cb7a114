/**
 * How every service refuses what AWS plays and this cloud does not. A line enters the local cloud
 * only if a shipped function, a command or a documented client needs it.
 */
export function notPlayed(what: string): string {
  return `the local cloud does not play ${what}: nothing that the promoter ships uses it`;
}
