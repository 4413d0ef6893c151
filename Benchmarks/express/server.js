// Signed inquiries answered by Express, with the SQLite and the cryptography of Node.js. It keeps no
// journal, checks no row's checksum and reads no amounts by date.
//
//     node server.js   # PORT, DATABASE, CLIENT_ID, SECRET_FILE and INQUIRY_PATH in the environment

'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const express = require('express');

const clientID = process.env.CLIENT_ID;
const path = process.env.INQUIRY_PATH;
const secret = crypto.createSecretKey(fs.readFileSync(process.env.SECRET_FILE));
const windowSeconds = 3600;

// The merchant's BINs, as in loket's example settings; the longest first.
const bins = [
  { digits: '889651', least: 7, most: 20, channels: ['ONLINE_TO_OFFLINE_ALFA'] },
  {
    digits: '12345', least: 6, most: 25,
    channels: ['ONLINE_TO_OFFLINE_ALFA', 'ONLINE_TO_OFFLINE_INDOMARET'],
  },
];
const channels = bins.flatMap((bin) => bin.channels);

// Signatures

function sign(timeLine, requestID, body) {
  const digest = crypto.createHash('sha256').update(body).digest('base64');
  const component = `Client-Id:${clientID}\nRequest-Id:${requestID}\n${timeLine}\n`
    + `Request-Target:${path}\nDigest:${digest}`;
  return 'HMACSHA256=' + crypto.createHmac('sha256', secret).update(component).digest('base64');
}

function isVerified(request, now) {
  const requestID = request.get('Request-Id') ?? '';
  const timestamp = request.get('Request-Timestamp') ?? '';
  const signature = Buffer.from(request.get('Signature') ?? '');
  if (request.get('Client-Id') !== clientID || !/^[!-~]{1,128}$/.test(requestID)) return false;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp)) return false;
  const expected = Buffer.from(
    sign(`Request-Timestamp:${timestamp}`, requestID, request.body));
  if (signature.length !== expected.length) return false;
  if (!crypto.timingSafeEqual(signature, expected)) return false;
  return Math.abs(now - Date.parse(timestamp)) <= windowSeconds * 1000;
}

// Bills

const database = new DatabaseSync(process.env.DATABASE, { readOnly: true });
const accountID = database.prepare('SELECT id FROM account WHERE client_id = ?').get(clientID).id;
const columns = `SELECT state, cancel_reason, amount, invoice_number, reusable, expires_at,
    valid_from, customer_name, info FROM bill WHERE`;
const lookup = database.prepare(`
  ${columns} account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
  UNION ALL
  ${columns} id = (
    SELECT max(id) FROM bill
    WHERE account_id = ?1 AND payment_code = ?2 AND state NOT IN ('open', 'held')
  )
  LIMIT 1`);

/** Returns the status of a bill that cannot be paid now; else null. */
function refusal(bill, now) {
  if (bill.state === 'paid' || bill.cancel_reason === 'paid_elsewhere') {
    return 'billing_already_paid';
  }
  if (bill.state === 'replaced') return 'billing_was_expired';
  if (bill.state !== 'open') return 'decline';
  if (bill.expires_at !== null && now >= bill.expires_at) return 'billing_was_expired';
  return bill.valid_from !== null && now < bill.valid_from ? 'decline' : null;
}

/** Returns the ten characters that make the invoice number of a reusable bill new. */
function suffix(requestID, code, date) {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const bits = crypto.createHash('sha256').update(`${requestID}\n${code}\n${date}`).digest()
    .readBigUInt64BE();
  let text = '';
  for (let place = 0n; place < 10n; place++) {
    text += alphabet[Number(bits >> (59n - 5n * place) & 31n)];
  }
  return text;
}

// Answers

const httpStatus = { success: 200, billing_not_found: 404 };

function decline(status, code) {
  return {
    online_to_offline_info: code && { payment_code: code },
    online_to_offline_inquiry: { status },
  };
}

function answer(body, requestID, now) {
  let inquiry;
  try {
    inquiry = JSON.parse(body);
  } catch {
    return decline('decline');
  }
  const code = inquiry?.online_to_offline_info?.payment_code;
  const channel = inquiry?.channel?.id;
  if (inquiry?.service?.id !== 'ONLINE_TO_OFFLINE' || !channels.includes(channel)) {
    return decline('decline');
  }
  if (typeof code !== 'string' || !/^[0-9]{1,25}$/.test(code)) return decline('decline');
  const bin = bins.find((bin) => code.startsWith(bin.digits));
  if (!bin || code.length < bin.least || code.length > bin.most) {
    return decline('billing_not_found', code);
  }
  if (!bin.channels.includes(channel)) return decline('decline', code);
  const bill = lookup.get(accountID, code);
  if (!bill) return decline('billing_not_found', code);
  const refused = refusal(bill, now);
  if (refused) return decline(refused, code);
  const date = inquiry.online_to_offline_inquiry?.date ?? '';
  return {
    order: {
      invoice_number: bill.reusable
        ? `${bill.invoice_number}-${suffix(requestID, code, date)}` : bill.invoice_number,
      amount: bill.amount,
    },
    online_to_offline_info: {
      payment_code: code, info1: bill.info ? bill.info.slice(0, 30) : undefined,
    },
    online_to_offline_inquiry: { status: 'success' },
    customer: { name: bill.customer_name.slice(0, 64) },
  };
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');

app.post(path, express.raw({ type: () => true, limit: '64kb' }), (request, response) => {
  const now = Date.now();
  // Without a body, `express.raw` leaves an empty object.
  if (!Buffer.isBuffer(request.body)) request.body = Buffer.alloc(0);
  if (!isVerified(request, now)) {
    response.status(401).json(decline('invalid_signature'));
    return;
  }
  const requestID = request.get('Request-Id');
  const content = answer(request.body, requestID, now);
  const body = Buffer.from(JSON.stringify(content));
  const timestamp = new Date(now).toISOString().slice(0, 19) + 'Z';
  response.status(httpStatus[content.online_to_offline_inquiry.status] ?? 400).set({
    'Content-Type': 'application/json',
    'Client-Id': clientID,
    'Request-Id': requestID,
    'Response-Timestamp': timestamp,
    Signature: sign(`Response-Timestamp:${timestamp}`, requestID, body),
  }).send(body);
});

const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
