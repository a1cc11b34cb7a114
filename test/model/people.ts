import type { MessageRef } from "../../src/domain/approval.ts";
import type { Question } from "../../src/domain/message.ts";
import { changedDeployment, people } from "./deployment.ts";
import type { Draw } from "./draws.ts";
import type { ModelWorld } from "./model-world.ts";

const minute = 60_000;

/**
 * Whoever sees a question may click: one or several, whoever may and whoever may not, at once or
 * when it is too late.
 */
export function letPeopleVote(world: ModelWorld): void {
  let questions = 0;
  const seen = new Set<string>();
  world.watchers.push(({ port, method, args: [question], result }) => {
    if (port !== "messenger" || method !== "ask") return;
    const ref = result as MessageRef;
    if (seen.has(ref.id)) return;
    seen.add(ref.id);
    questions += 1;
    react({ world, question: question as Question, ref, name: `question ${questions}` });
  });
}

interface Asked {
  readonly world: ModelWorld;
  readonly question: Question;
  readonly ref: MessageRef;
  readonly name: string;
}

function react(asked: Asked): void {
  const { world, name, question } = asked;
  const draw = world.draws(name);
  world.log(`${name} about ${world.label(question.promotion.id)}`);
  const first = draw.spread(5_000, 60 * minute);
  const clicks = draw.weighted({ none: 0.06, one: 0.56, two: 0.28, many: 0.1 });
  const count = { none: 0, one: 1, two: 2, many: 12 }[clicks];
  if (draw.chance(0.2) && world.happens(`${name} forgery`)) forge(asked, first * draw.real());
  if (draw.chance(0.06) && world.happens(`${name} storm`)) storm(asked, first * draw.real());
  for (let index = 0; index < count; index += 1) {
    clickLater(asked, {
      draw,
      name: `${name} click ${index + 1}`,
      after: first + (index === 0 ? 0 : draw.spread(100, 5 * minute)),
    });
  }
  // The very one who votes may be taken out of promoter.yml before or just after.
  if (
    world.chances.has("redeployments") &&
    draw.chance(0.7) &&
    world.happens(`${name} deployment`)
  ) {
    world.timeline.after(Math.max(0, first + draw.whole(-30_000, 3_000)), () =>
      world.deploy(changedDeployment(world.deployment(), draw)),
    );
  }
}

/** Somebody who may not vote goes on clicking. */
function storm({ world, question, ref, name }: Asked, after: number): void {
  world.timeline.after(after, () => world.log(`${name}: MALLORY clicks and clicks`));
  for (let index = 0; index < 40; index += 1) {
    world.timeline.after(
      after + index * 700,
      () =>
        void world.invoke(
          "OnSlackAction",
          clickOf(question, { user: "MALLORY", choice: "approve", ref }),
        ),
    );
  }
}

/** A click that names this question, and came from another message. */
function forge({ world, question, name }: Asked, after: number): void {
  const [user = ""] = question.approvers;
  const ref = { channel: "#elsewhere", id: "1767603600.000000" };
  const click = async (): Promise<void> => {
    const approval = await world.stores.approvals.read(question.promotion.id, question.hash);
    if (!approval?.message) return;
    const reply = await world.invoke(
      "OnSlackAction",
      clickOf(question, { user, choice: "approve", ref }),
    );
    if (reply.kind === "ok" && JSON.stringify(reply).includes('"counted"')) {
      world.broken.push(`${name}: a click on another message counted`);
    }
  };
  world.timeline.after(after, () => void click());
}

interface Click {
  readonly user: string;
  readonly choice: string;
  readonly ref: MessageRef;
}

/** As parsed from what Slack sends. */
function clickOf({ promotion, hash }: Question, { user, choice, ref }: Click): object {
  return {
    user,
    choice,
    promotion: promotion.id,
    hash,
    answerAddress: "https://hooks.slack.example/1",
    message: ref,
  };
}

function clickLater(
  { world, question, ref }: Asked,
  { draw, name, after }: { readonly draw: Draw; readonly name: string; readonly after: number },
): void {
  const user = draw.chance(0.8)
    ? draw.pick(question.approvers.length > 0 ? question.approvers : people)
    : draw.pick([...people, "MALLORY"]);
  const choice = draw.chance(0.85) ? "approve" : "reject";
  const delay = draw.chance(0.9) ? draw.whole(100, 2_000) : draw.spread(2_000, 30 * minute);
  if (!world.happens(name)) return;
  world.timeline.after(after, () => {
    const message = world.stores.messenger.messages().find((one) => one.ref.id === ref.id);
    if (!message || message.closed) return;
    world.log(`${name}: ${user} ${choice}s ${world.label(question.promotion.id)}`);
    world.timeline.after(
      delay,
      () => void world.invoke("OnSlackAction", clickOf(question, { user, choice, ref })),
    );
  });
}
