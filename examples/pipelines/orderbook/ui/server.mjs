import { createServer } from "node:http";
import { pageOf } from "./page.mjs";

const server = createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  response.setHeader("content-type", "text/html; charset=utf-8").end(pageOf("Order book"));
});
server.listen(8080);
process.once("SIGTERM", () => server.close());
