// Makes a bill, catches up by the feed of events, and then receives events by a webhook. Needs Node
// 18 and nothing else. Variables: LOKET_URL, LOKET_KEY, WEBHOOK_SECRET, PORT.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { LOKET_URL, LOKET_KEY, WEBHOOK_SECRET, PORT } = process.env;
const seen = new Set(); // In your program a table with the id as its key, in one transaction.

function handle(id, type) {
  if (seen.has(id)) return;
  seen.add(id);
  console.log(type, id);
}

async function loket(method, path, body) {
  const headers = { Authorization: `Bearer ${LOKET_KEY}`, "Content-Type": "application/json" };
  const answer = await fetch(LOKET_URL + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function isGenuine(headers, body) {
  const key = Buffer.from(WEBHOOK_SECRET.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = Buffer.from("v1," + createHmac("sha256", key).update(signed).digest("base64"));
  const isFresh = Math.abs(Date.now() / 1000 - headers["webhook-timestamp"]) < 300;
  return isFresh && (headers["webhook-signature"] ?? "").split(" ").map((one) => Buffer.from(one))
    .some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
}

const bill = await loket("POST", "/admin/v1/bills", {
  payment_code: "88965112345678", invoice_number: "INV-1", amount: 150000,
  customer: { name: "Anton Budiman" },
});
console.log("bill", bill.id);
let page = { next_cursor: "0", has_more: true }; // Keep `next_cursor` for the next time.
while (page.has_more) {
  page = await loket("GET", `/admin/v1/events?after=${page.next_cursor}`);
  for (const event of page.items) handle(event.id, event.type);
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const genuine = isGenuine(request.headers, body);
  if (genuine) handle(request.headers["webhook-id"], JSON.parse(body).type);
  response.writeHead(genuine ? 204 : 401).end();
}).listen(Number(PORT), "127.0.0.1");
