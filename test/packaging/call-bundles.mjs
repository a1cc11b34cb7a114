// Loads bundles as Lambda does, in a process of its own, and calls each with an event that none accepts.
// Arguments: files. Prints {file: name of the error, or the status or outcome it answered}.
const context = {
  functionName: "packaged",
  awsRequestId: "1",
  getRemainingTimeInMillis: () => 10_000,
};
const answers = {};
for (const file of process.argv.slice(2)) {
  const { handler } = await import(file);
  answers[file] = await handler({ nobody: "expects this" }, context).then(
    (answer) => answer?.statusCode ?? answer?.outcome ?? "no error",
    (error) => error.name,
  );
}
process.stdout.write(`\n${JSON.stringify(answers)}`);
