import { fakeMessenger } from "../fakes/messenger.ts";
import { messengerContract } from "./messenger.contract.ts";

messengerContract("the fake", async () => {
  const messenger = fakeMessenger();
  return {
    messenger,
    seen: async () => messenger.messages().map(({ ref, closed, replies }) => ({ ref, open: closed === undefined, replies })),
    remove: async (ref) => messenger.remove(ref),
    close: async () => undefined,
  };
});
