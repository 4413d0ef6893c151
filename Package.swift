// swift-tools-version: 6.2
// A target exists only where the compiler must forbid an import; docs/architecture.md draws them.
// The core has an empty dependency list and must keep it.

import PackageDescription

let ours: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let nio = "swift-nio"
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let httpClient: Target.Dependency = .product(
    name: "AsyncHTTPClient", package: "async-http-client")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: nio)
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: nio)
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: nio)
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

/// What `scripts/build --release` knows of the build.
func recorded(_ name: String) -> String { "\"\(Context.environment[name] ?? "unknown")\"" }

/// The admin API's document and the page that shows it.
let documentParts = [
    "openapi.yaml", "bills.yaml", "imports.yaml", "payments.yaml", "inquiries.yaml",
    "notifications.yaml", "events.yaml", "webhooks.yaml", "keys.yaml", "operation.yaml",
    "service.yaml", "docs.html",
]

/// The counter page: its templates, its strings, its style sheet and its script.
let pageParts =
    ["strings.yaml", "page.css", "page.js"]
    + [
        "acts", "advice", "attention", "bill", "billclose", "billfield", "billform",
        "billnotes", "bills", "choose", "chosen", "counters", "decision", "error", "facts", "find",
        "frame", "hours", "import", "importcheck", "importpart", "imports", "lamp", "lights",
        "money", "near", "note", "notification", "now", "payment", "received", "reopen", "setup",
        "signin", "slip", "sums", "today", "why",
    ].map { "Templates/\($0).mustache" }

let package = Package(
    name: "loket",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "loket", targets: ["loket"]),
        .executable(name: "loket-bench", targets: ["LoketBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The rules: values and decisions, nothing imported.
        .target(name: "LoketCore", swiftSettings: ours),

        // Strict JSON: bytes to values and back.
        .target(name: "LoketJSON", dependencies: ["LoketCore"], swiftSettings: ours),

        // The machine: files, the clock, ports, and the system's libcrypto.
        .systemLibrary(name: "CLibcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CKernelClock"),
        .target(
            name: "LoketSystem", dependencies: ["LoketCore", "CLibcrypto", "CKernelClock"],
            swiftSettings: ours),

        // A setting of SQLite that Swift cannot make.
        .systemLibrary(name: "CSQLiteMemory", providers: [.apt(["libsqlite3-dev"])]),

        // Of which commit, and by which compiler.
        .target(
            name: "CBuildInfo",
            cSettings: [
                .define("LOKET_COMMIT", to: recorded("LOKET_COMMIT")),
                .define("LOKET_SWIFT", to: recorded("LOKET_SWIFT")),
            ]),

        // What DOKU sends and wants.
        .target(
            name: "DokuWire", dependencies: ["LoketCore", "LoketJSON", "LoketSystem"],
            swiftSettings: ours),

        // Files of bills, as an ERP or a spreadsheet writes them: bytes to rows, rows to bytes.
        .target(name: "BillFiles", dependencies: ["LoketCore", "LoketJSON"], swiftSettings: ours),

        // The database. It never meets DokuWire.
        .target(
            name: "LoketStore",
            dependencies: [
                "CSQLiteMemory", "LoketCore", "LoketSystem", sqlite,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            resources: [
                .embedInCode("../../migrations/m0001_bills.sql"),
                .embedInCode("../../migrations/m0002_payments.sql"),
                .embedInCode("../../migrations/m0003_admin.sql"),
                .embedInCode("../../migrations/m0004_safekeeping.sql"),
                .embedInCode("../../migrations/m0005_second_look.sql"),
                .embedInCode("../../migrations/m0006_nothing_in_silence.sql"),
                .embedInCode("../../migrations/m0007_dated_amounts.sql"),
                .embedInCode("../../migrations/m0008_merchant_systems.sql"),
                .embedInCode("../../migrations/m0009_local_journal.sql"),
                .embedInCode("../../migrations/m0010_plain_checks.sql"),
                .embedInCode("../../migrations/m0011_indexes_by_code.sql"),
            ],
            swiftSettings: ours),

        // What both listeners work on: settings, accounts in force, counts, findings, quarantine.
        .target(
            name: "LoketRuntime",
            dependencies: [
                "LoketCore", "LoketJSON", "LoketSystem", "DokuWire", "BillFiles", "LoketStore",
                httpClient, logging, nioCore, nioSSL, lifecycle,
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("../../loket.example.yaml")],
            swiftSettings: ours),

        // The listener that DOKU reaches.
        .target(
            name: "LoketGateway",
            dependencies: [
                "LoketCore", "LoketJSON", "LoketSystem", "DokuWire", "LoketStore", "LoketRuntime",
                logging, nioCore, nioHTTP1, nioPosix, lifecycle,
                .product(name: "NIOExtras", package: "swift-nio-extras"),
            ],
            swiftSettings: ours),

        // The listener that the merchant reaches.
        .target(
            name: "LoketAdmin",
            dependencies: [
                "LoketCore", "LoketJSON", "LoketSystem", "DokuWire", "BillFiles", "LoketStore",
                "LoketRuntime", logging, nioCore, nioPosix, lifecycle,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: documentParts.map { .embedInCode("OpenAPI/" + $0) }
                + pageParts.map { .embedInCode("Pages/" + $0) },
            swiftSettings: ours),

        // Start, reload and stop.
        .target(
            name: "LoketServer",
            dependencies: [
                "LoketCore", "LoketSystem", "LoketStore", "LoketRuntime", "LoketGateway",
                "LoketAdmin", logging, nioCore, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: ours),

        // DOKU's side, for the demo, `simulate`, the benchmarks and the tests.
        .target(
            name: "DokuSimulator",
            dependencies: [
                "LoketCore", "LoketJSON", "LoketSystem", httpClient, nioCore, nioHTTP1, nioPosix,
            ],
            swiftSettings: ours),

        .executableTarget(
            name: "loket",
            dependencies: [
                "LoketCore", "LoketJSON", "LoketSystem", "DokuWire", "BillFiles", "LoketStore",
                "LoketRuntime", "LoketGateway", "LoketServer", "DokuSimulator", "CBuildInfo",
                argumentParser, httpClient, logging, nioCore,
                nioHTTP1, nioPosix, nioSSL,
                .product(name: "NIOTLS", package: nio),
                lifecycle,
            ],
            swiftSettings: ours),

        // The benchmarks, which are not shipped: `loket-bench` measures the `loket` beside it.
        .executableTarget(
            name: "LoketBench",
            dependencies: [
                "LoketCore", "LoketJSON", "LoketStore", "LoketRuntime", "LoketGateway",
                "DokuSimulator",
                argumentParser, httpClient, logging, nioCore, nioHTTP1, nioPosix, lifecycle,
            ],
            swiftSettings: ours),

        // What several test targets share, and DOKU's own books. In no product.
        .target(
            name: "TestSupport", dependencies: ["DokuSimulator", "LoketCore"],
            path: "Tests/TestSupport", swiftSettings: ours),
        .testTarget(
            name: "LoketCoreTests", dependencies: ["LoketCore", "TestSupport"],
            exclude: ["Inquiry/dated_amounts_oracle.py"], swiftSettings: ours),
        .testTarget(
            name: "LoketSystemTests", dependencies: ["LoketSystem"], swiftSettings: ours),
        .testTarget(
            name: "DokuWireTests",
            dependencies: ["DokuWire", "LoketCore", "LoketJSON", "LoketSystem", "TestSupport"],
            exclude: ["Vectors"], swiftSettings: ours),
        .testTarget(
            name: "LoketJSONTests", dependencies: ["LoketJSON", "LoketCore", "TestSupport"],
            exclude: ["strict_json_oracle.py"], swiftSettings: ours),
        .testTarget(
            name: "BillFilesTests", dependencies: ["BillFiles", "LoketCore", "TestSupport"],
            exclude: ["csv_oracle.py"], swiftSettings: ours),
        .testTarget(
            name: "LoketStoreTests",
            dependencies: [
                "LoketStore", "LoketCore", "LoketSystem", "TestSupport", sqlite,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: ours),
        .testTarget(
            name: "LoketServerTests",
            dependencies: [
                "LoketServer", "LoketRuntime", "LoketGateway", "LoketAdmin", "LoketStore",
                "LoketCore", "LoketJSON", "LoketSystem", "DokuWire", "BillFiles", "DokuSimulator",
                "TestSupport", httpClient, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                lifecycle,
            ],
            swiftSettings: ours),
        .testTarget(
            name: "DokuSimulatorTests",
            dependencies: ["DokuSimulator", "DokuWire", "LoketCore", "LoketJSON", "TestSupport"],
            swiftSettings: ours),
        .testTarget(
            name: "ProjectTests",
            dependencies: [
                "loket", "LoketBench", "DokuSimulator", "DokuWire", "LoketCore", "LoketJSON",
                "LoketSystem", "TestSupport",
            ],
            exclude: [
                "Fixtures/process_clock.c", "PublicURL/tls_proxy.py", "Upgrade/Databases",
                "Upgrade/fill_database.py", "Webhooks/webhook_receiver.py",
            ],
            swiftSettings: ours),
    ]
)
