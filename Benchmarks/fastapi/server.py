# Signed inquiries answered by FastAPI on uvicorn, with uvloop and httptools, one worker. It keeps no
# journal, checks no row's checksum and reads no amounts by date.
#
#     python server.py   # PORT, DATABASE, CLIENT_ID, SECRET_FILE and INQUIRY_PATH in the environment

import base64
import hashlib
import hmac
import os
import re
import socket
import sqlite3
import time
from datetime import datetime, timezone

import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ValidationError

CLIENT_ID = os.environ["CLIENT_ID"]
PATH = os.environ["INQUIRY_PATH"]
with open(os.environ["SECRET_FILE"], "rb") as file:
    SECRET = file.read()
WINDOW_SECONDS = 3600
ALFA, INDOMARET = "ONLINE_TO_OFFLINE_ALFA", "ONLINE_TO_OFFLINE_INDOMARET"

# The merchant's BINs, as in loket's example settings; the longest first: digits, the least and the
# most digits of a code, channels.
BINS = [("889651", 7, 20, {ALFA}), ("12345", 6, 25, {ALFA, INDOMARET})]


class Identified(BaseModel):
    id: str


class Code(BaseModel):
    payment_code: str


class Asked(BaseModel):
    date: str = ""


class Inquiry(BaseModel):
    service: Identified
    channel: Identified
    online_to_offline_info: Code
    online_to_offline_inquiry: Asked = Asked()


class Order(BaseModel):
    invoice_number: str
    amount: int


class Info(BaseModel):
    payment_code: str
    info1: str | None = None


class Outcome(BaseModel):
    status: str


class Customer(BaseModel):
    name: str


class Answer(BaseModel):
    order: Order | None = None
    online_to_offline_info: Info | None = None
    online_to_offline_inquiry: Outcome
    customer: Customer | None = None


# Signatures

VISIBLE = re.compile(r"[!-~]{1,128}")
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def sign(time_line: str, request_id: str, body: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    component = (
        f"Client-Id:{CLIENT_ID}\nRequest-Id:{request_id}\n{time_line}\n"
        f"Request-Target:{PATH}\nDigest:{digest}"
    )
    mac = hmac.digest(SECRET, component.encode(), "sha256")
    return "HMACSHA256=" + base64.b64encode(mac).decode()


def is_verified(request_id: str, timestamp: str, request: Request, body: bytes) -> bool:
    if request.headers.get("client-id") != CLIENT_ID or not VISIBLE.fullmatch(request_id):
        return False
    if not TIMESTAMP.fullmatch(timestamp):
        return False
    expected = sign(f"Request-Timestamp:{timestamp}", request_id, body)
    given = request.headers.get("signature", "")
    if not hmac.compare_digest(expected.encode(), given.encode()):
        return False
    try:
        sent = datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return abs(time.time() - sent.timestamp()) <= WINDOW_SECONDS


# Bills

database = sqlite3.connect(
    f"file:{os.environ['DATABASE']}?mode=ro", uri=True, isolation_level=None)
ACCOUNT_ID = database.execute(
    "SELECT id FROM account WHERE client_id = ?", (CLIENT_ID,)).fetchone()[0]
COLUMNS = """SELECT state, cancel_reason, amount, invoice_number, reusable, expires_at, valid_from,
    customer_name, info FROM bill WHERE"""
LOOKUP = f"""
    {COLUMNS} account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
    UNION ALL
    {COLUMNS} id = (
        SELECT max(id) FROM bill
        WHERE account_id = ?1 AND payment_code = ?2 AND state NOT IN ('open', 'held')
    )
    LIMIT 1"""


def refusal(state: str, reason: str | None, expires_at: int | None, valid_from: int | None,
            now: int) -> str | None:
    if state == "paid" or reason == "paid_elsewhere":
        return "billing_already_paid"
    if state == "replaced":
        return "billing_was_expired"
    if state != "open":
        return "decline"
    if expires_at is not None and now >= expires_at:
        return "billing_was_expired"
    return "decline" if valid_from is not None and now < valid_from else None


def suffix(request_id: str, code: str, date: str) -> str:
    """Returns the ten characters that make the invoice number of a reusable bill new."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    leading = hashlib.sha256(f"{request_id}\n{code}\n{date}".encode()).digest()[:8]
    bits = int.from_bytes(leading, "big")
    return "".join(alphabet[bits >> (59 - 5 * place) & 31] for place in range(10))


# Answers

def decline(status: str, code: str | None = None) -> Answer:
    return Answer(
        online_to_offline_info=Info(payment_code=code) if code else None,
        online_to_offline_inquiry=Outcome(status=status))


def answer(body: bytes, request_id: str) -> Answer:
    try:
        inquiry = Inquiry.model_validate_json(body)
    except ValidationError:
        return decline("decline")
    code, channel = inquiry.online_to_offline_info.payment_code, inquiry.channel.id
    if inquiry.service.id != "ONLINE_TO_OFFLINE" or channel not in (ALFA, INDOMARET):
        return decline("decline")
    if not (code.isascii() and code.isdigit() and len(code) <= 25):
        return decline("decline")
    found = next((row for row in BINS if code.startswith(row[0])), None)
    if found is None or not found[1] <= len(code) <= found[2]:
        return decline("billing_not_found", code)
    if channel not in found[3]:
        return decline("decline", code)
    bill = database.execute(LOOKUP, (ACCOUNT_ID, code)).fetchone()
    if bill is None:
        return decline("billing_not_found", code)
    state, reason, amount, number, reusable, expires_at, valid_from, name, info = bill
    refused = refusal(state, reason, expires_at, valid_from, time.time_ns() // 1_000_000)
    if refused:
        return decline(refused, code)
    if reusable:
        number += "-" + suffix(request_id, code, inquiry.online_to_offline_inquiry.date)
    return Answer(
        order=Order(invoice_number=number, amount=amount),
        online_to_offline_info=Info(payment_code=code, info1=info[:30] if info else None),
        online_to_offline_inquiry=Outcome(status="success"), customer=Customer(name=name[:64]))


HTTP_STATUS = {"success": 200, "billing_not_found": 404}
app = FastAPI(openapi_url=None)


# `async` because a read of one row takes less time than the change to another thread.
@app.post(PATH)
async def inquire(request: Request) -> Response:
    body = await request.body()
    request_id = request.headers.get("request-id", "")
    timestamp = request.headers.get("request-timestamp", "")
    if not is_verified(request_id, timestamp, request, body):
        content = decline("invalid_signature").model_dump_json(exclude_none=True)
        return Response(content, 401, media_type="application/json")
    made = answer(body, request_id)
    content = made.model_dump_json(exclude_none=True).encode()
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {
        "Client-Id": CLIENT_ID, "Request-Id": request_id, "Response-Timestamp": now,
        "Signature": sign(f"Response-Timestamp:{now}", request_id, content),
    }
    status = HTTP_STATUS.get(made.online_to_offline_inquiry.status, 400)
    return Response(content, status, headers, media_type="application/json")


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=1024)
    print(f"listening {listener.getsockname()[1]}", flush=True)
    uvicorn.Server(
        uvicorn.Config(app, loop="uvloop", http="httptools", access_log=False, log_level="warning")
    ).run(sockets=[listener])
