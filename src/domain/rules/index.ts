export type RuleOptions = Readonly<Record<string, unknown>>;
