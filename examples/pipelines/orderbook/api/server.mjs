import { createServer } from "node:http";
import { sortOrders } from "./orders.mjs";

const orders = [];
const server = createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  response.setHeader("content-type", "application/json").end(JSON.stringify(sortOrders(orders)));
});
server.listen(8080);
process.once("SIGTERM", () => server.close());
