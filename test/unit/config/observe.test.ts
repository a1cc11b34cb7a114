import { describe, expect, it } from "vitest";
import { parseConfiguration } from "../../story/shop.ts";

const alarm = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders: errors";
const smoke = "arn:aws:lambda:us-east-1:444455556666:function:smoke:live";
const observing = (observe: string) => (yaml: string) =>
  yaml.replace(/\n( *)podSpec:/, `\n$1observe: ${observe}\n$1podSpec:`);
const load = async (observe: string) => {
  const { configuration } = await parseConfiguration(observing(observe));
  return Object.values(configuration.applications["orderbook"]?.environments ?? {})[0]?.observe;
};
const faultOf = async (observe: string): Promise<string> =>
  load(observe).then(
    () => "",
    (error: Error) => error.message,
  );

describe("observe in promoter.yml", () => {
  it("names what is watched, and how long", async () => {
    expect(
      await load(
        `{ for: 5m, alarms: ["${alarm}"], http: "https://shop.example.com/healthz?deep=1", function: "${smoke}" }`,
      ),
    ).toEqual({
      for: 300_000,
      alarms: [alarm],
      http: "https://shop.example.com/healthz?deep=1",
      function: smoke,
    });
    expect(await load("{ for: 1h }")).toEqual({ for: 3_600_000, alarms: [] });
    expect(await load("{ for: 1m, http: http://127.0.0.1:8080/healthz }")).toBeDefined();
  });

  it.each([
    ["no time", "{ alarms: [] }", /for is missing/],
    ["too long a time", "{ for: 25h }", /not a valid duration from 1s to 1d/],
    ["a plain URL", "{ for: 5m, http: http://shop.example.com/ }", /not a valid URL to observe/],
    [
      "a host that only begins like ours",
      "{ for: 5m, http: http://127.0.0.1.example.com/ }",
      /URL/,
    ],
    ["a password", '{ for: 5m, http: "https://u:p@shop.example.com/" }', /not a valid URL/],
    ["a name instead of an ARN", "{ for: 5m, alarms: [errors] }", /ARN of a CloudWatch alarm/],
    ["an alarm instead of a function", `{ for: 5m, function: "${alarm}" }`, /Lambda function/],
    [
      "an alarm of another account",
      `{ for: 5m, alarms: ["${alarm.replace("111122223333", "444455556666")}"] }`,
      /the alarm is of account 444455556666, and the promoter reads those of 111122223333/,
    ],
  ])("is refused with %s", async (_, observe, message) => {
    expect(await faultOf(observe)).toMatch(message);
  });
});
