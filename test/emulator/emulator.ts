/**
 * Region and account of promoter.yml; the emulator takes an access key of twelve digits for the
 * account.
 */
export const region = "eu-west-1";
export const account = "111122223333";

/** For `skipIf`: the run says once, aloud, why there is no emulator. */
export const lacksEmulator = process.env["PROMOTER_TEST_EMULATOR"] === undefined;

export function emulatorOrigin(): string {
  const origin = process.env["PROMOTER_TEST_EMULATOR"];
  if (origin === undefined) {
    throw new Error("no emulator is running; npm run test:emulator starts one");
  }
  return origin;
}

/** How every client of the SDK reaches the emulator. */
export function clientSettings() {
  return {
    endpoint: emulatorOrigin(),
    region,
    credentials: { accessKeyId: account, secretAccessKey: "emulator" },
    maxAttempts: 1,
  };
}
