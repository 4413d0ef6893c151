<?php
// `php webhook.php` makes a bill and catches up by the feed of events; `php -S 127.0.0.1:8090
// webhook.php` receives events by a webhook. Needs PHP 8 and nothing else. Variables: LOKET_URL,
// LOKET_KEY, WEBHOOK_SECRET.

function handle(string $id, string $type): void {
    // In your program a table with the id as its key, in one transaction with the work.
    if (!@fopen("seen-" . basename($id), "x")) return;
    file_put_contents("events", "$type $id\n", FILE_APPEND);
}

function loket(string $method, string $path, ?array $body = null): array {
    $headers = ["Authorization: Bearer " . getenv("LOKET_KEY"), "Content-Type: application/json"];
    $content = $body === null ? "" : json_encode($body);
    $context = stream_context_create(["http" => [
        "method" => $method, "header" => $headers, "content" => $content]]);
    return json_decode(file_get_contents(getenv("LOKET_URL") . $path, false, $context), true);
}

function is_genuine(string $id, string $time, string $signatures, string $body): bool {
    $key = base64_decode(substr(getenv("WEBHOOK_SECRET"), strlen("whsec_")));
    $wanted = "v1," . base64_encode(hash_hmac("sha256", "$id.$time.$body", $key, true));
    foreach (explode(" ", $signatures) as $one) {
        if (hash_equals($wanted, $one)) return abs(time() - (int) $time) < 300;
    }
    return false;
}

if (PHP_SAPI !== "cli") {
    $body = file_get_contents("php://input");
    $id = $_SERVER["HTTP_WEBHOOK_ID"] ?? "";
    $genuine = is_genuine($id, $_SERVER["HTTP_WEBHOOK_TIMESTAMP"] ?? "",
        $_SERVER["HTTP_WEBHOOK_SIGNATURE"] ?? "", $body);
    if ($genuine) handle($id, json_decode($body, true)["type"]);
    http_response_code($genuine ? 204 : 401);
    exit;
}

$bill = loket("POST", "/admin/v1/bills", [
    "payment_code" => "88965112345678", "invoice_number" => "INV-1", "amount" => 150000,
    "customer" => ["name" => "Anton Budiman"]]);
echo "bill ", $bill["id"], "\n";
$page = ["next_cursor" => "0", "has_more" => true]; // Keep `next_cursor` for the next time.
while ($page["has_more"]) {
    $page = loket("GET", "/admin/v1/events?after=" . $page["next_cursor"]);
    foreach ($page["items"] as $event) handle($event["id"], $event["type"]);
}
