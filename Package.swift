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

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "fika",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Fika", targets: ["Fika"]),
        .executable(name: "fika", targets: ["FikaCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        // Pure: no I/O above this line of the house.
        .target(name: "FikaCRDT", swiftSettings: pure),
        .target(name: "FikaWire", dependencies: ["CZstd"], swiftSettings: pure),
        .target(
            name: "FikaLog", dependencies: ["FikaCRDT", "FikaWire", crypto], swiftSettings: pure),
        .target(
            name: "FikaChat", dependencies: ["FikaCRDT", "FikaWire", "FikaLog"],
            swiftSettings: pure),

        // Effects at the edge.
        .target(
            name: "FikaStore",
            dependencies: ["FikaCRDT", "FikaWire", "FikaLog", "FikaChat", grdb, sqlite],
            swiftSettings: strict),
        .target(
            name: "Fika",
            dependencies: ["FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaStore"],
            swiftSettings: strict),
        .executableTarget(
            name: "FikaCLI", dependencies: ["Fika", arguments], path: "Sources/fika-cli",
            swiftSettings: strict),

        // Tests.
        .target(
            name: "FikaTestSupport",
            dependencies: [
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaStore", "Fika", "CZstd",
                grdb, sqlite,
            ],
            path: "Tests/Support", swiftSettings: strict),
        .testTarget(
            name: "FikaCRDTTests", dependencies: ["FikaCRDT", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaWireTests", dependencies: ["FikaWire", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaLogTests", dependencies: ["FikaCRDT", "FikaLog", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaChatTests", dependencies: ["FikaChat", "FikaTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FikaStoreTests", dependencies: ["FikaStore", "FikaTestSupport", grdb, sqlite],
            swiftSettings: strict),
        .testTarget(
            name: "FikaTests", dependencies: ["Fika", "FikaTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ScenarioTests", dependencies: ["Fika", "FikaTestSupport"],
            path: "Tests/Scenarios", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["FikaTestSupport", "FikaCLI"],
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
                "FikaCRDT", "FikaWire", "FikaLog", "FikaChat", "FikaStore", "Fika", "CZstd",
                "FikaTestSupport", grdb, sqlite,
            ],
            path: "Benchmarks/FikaBenchmarks", swiftSettings: strict))
}
