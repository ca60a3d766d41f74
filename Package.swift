// swift-tools-version: 6.3
import PackageDescription

/// Every target of our own: the language turned up, warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// The pure targets: no I/O, no Foundation, every unsafe call is marked.
let pure =
    strict + [
        .enableExperimentalFeature("Lifetimes"),
        .strictMemorySafety(),
    ]

/// Bugs to check the checker with can be planted on request only (`Specs/faults.md`).
let plants: [SwiftSetting] =
    Context.environment["FIKA_PLANTS"] == nil ? [] : [.define("FIKA_PLANTS")]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(
    name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
    name: "fika",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Fika", targets: ["Fika"]),
        .library(name: "FikaRelay", targets: ["FikaRelay"]),
        .executable(name: "fika", targets: ["FikaCLI"]),
        .executable(name: "fikad", targets: ["FikaDaemon"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        // Pure: no I/O above this line of the house.
        .target(name: "FikaCRDT", swiftSettings: pure + plants),
        .target(name: "FikaWire", dependencies: ["CZstd"], swiftSettings: pure),
        .target(
            name: "FikaLog", dependencies: ["FikaCRDT", "FikaWire", crypto], swiftSettings: pure),
        .target(
            name: "FikaChat", dependencies: ["FikaCRDT", "FikaWire", "FikaLog"],
            swiftSettings: pure),

        .target(
            name: "FikaSync", dependencies: ["FikaCRDT", "FikaWire", "FikaLog"],
            swiftSettings: pure),

        // Effects at the edge.
        .target(
            name: "FikaStore",
            dependencies: ["FikaCRDT", "FikaWire", "FikaLog", "FikaChat", grdb, sqlite],
            swiftSettings: strict),
        .target(
            name: "FikaNet",
            dependencies: ["FikaCRDT", "FikaWire", "FikaLog", "FikaSync", nio, nioPosix],
            swiftSettings: strict),
        .target(
            name: "Fika",
            dependencies: [
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaSync", "FikaStore", "FikaNet",
            ],
            swiftSettings: strict),
        .target(
            name: "FikaRelay",
            dependencies: [
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaSync", "FikaStore", "FikaNet",
                grdb, nio, nioPosix, nioHTTP, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "FikaCLI", dependencies: ["Fika", "FikaCRDT", "FikaSimulation", arguments],
            path: "Sources/fika-cli", swiftSettings: strict),

        .executableTarget(
            name: "FikaDaemon",
            dependencies: ["FikaRelay", arguments, logging, lifecycle, signals],
            path: "Sources/fikad", swiftSettings: strict),

        // The real parts in a world of its own: virtual time, network, disks and clocks.
        .target(
            name: "FikaSimulation",
            dependencies: [
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaSync", "FikaStore", "FikaNet",
                "Fika", "FikaRelay", grdb, sqlite,
            ],
            swiftSettings: strict),

        // Tests.
        .target(
            name: "FikaTestSupport",
            dependencies: [
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaSync", "FikaStore", "FikaNet",
                "Fika", "FikaRelay", "FikaSimulation", "CZstd", grdb, sqlite,
            ],
            path: "Tests/Support", swiftSettings: strict),
        .testTarget(
            name: "FikaCRDTTests", dependencies: ["FikaCRDT", "FikaSimulation", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaWireTests", dependencies: ["FikaWire", "FikaSimulation", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaLogTests",
            dependencies: ["FikaCRDT", "FikaLog", "FikaSimulation", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaChatTests", dependencies: ["FikaChat", "FikaSimulation", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaSyncTests", dependencies: ["FikaSync", "FikaSimulation", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaNetTests",
            dependencies: ["FikaNet", "FikaSimulation", "FikaTestSupport", nio, nioPosix],
            swiftSettings: strict),
        .testTarget(
            name: "FikaRelayTests",
            dependencies: [
                "FikaRelay", "FikaSimulation", "FikaTestSupport", grdb, sqlite, nio, nioPosix,
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FikaStoreTests",
            dependencies: ["FikaStore", "FikaSimulation", "FikaTestSupport", grdb, sqlite],
            swiftSettings: strict),
        .testTarget(
            name: "FikaTests",
            dependencies: ["Fika", "FikaNet", "FikaSimulation", "FikaSync", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ScenarioTests",
            dependencies: ["Fika", "FikaRelay", "FikaSimulation", "FikaTestSupport", logging],
            path: "Tests/Scenarios", swiftSettings: strict),
        .testTarget(
            name: "WorldTests",
            dependencies: ["Fika", "FikaRelay", "FikaSimulation", "FikaTestSupport", grdb],
            path: "Tests/Worlds", swiftSettings: strict),
        .testTarget(
            name: "FuzzingTests", dependencies: ["FikaCRDT", "FikaSimulation", "FikaTestSupport"],
            path: "Tests/Fuzzing", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["FikaSimulation", "FikaTestSupport", "FikaCLI", "FikaDaemon"],
            path: "Tests/EndToEnd", swiftSettings: strict),
        .testTarget(name: "TidyTests", path: "Tests/Tidy", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// Benchmarks see `package` declarations and burden nobody: in the manifest only on request.
if Context.environment["FIKA_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "FikaBenchmarks",
            dependencies: [
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaSync", "FikaStore", "FikaNet",
                "Fika", "FikaRelay", "CZstd", "FikaSimulation", "FikaTestSupport", grdb, sqlite,
                nio, nioPosix,
                logging,
            ],
            path: "Benchmarks/FikaBenchmarks", swiftSettings: strict))
}

// So does the harness that ends and disturbs the programs; `make crash` asks for it.
if Context.environment["FIKA_CRASH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "FikaCrash", dependencies: ["FikaSimulation", arguments], path: "Tests/Crash",
            exclude: ["Shim"], swiftSettings: strict))
}

// Fuzzing links libFuzzer, which `Scripts/fuzz` hands to the linker: in the manifest only for it.
if Context.environment["FIKA_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "FikaFuzz", dependencies: ["FikaTestSupport"], path: "Fuzz/FikaFuzz",
            swiftSettings: strict + [.enableExperimentalFeature("Extern")]))
}
