// swift-tools-version: 6.0
import PackageDescription

/// An arrow means "may import": samsa -> Reports -> Exploration -> Scenarios ->
/// {Checks -> Simulation -> Kafka -> Kernel, TOML}. ArchitectureTests holds the house to it.
let package = Package(
    name: "samsa",
    products: [.executable(name: "samsa", targets: ["samsa"])],
    targets: [
        .target(name: "Kernel"),
        .target(name: "TOML"),
        .target(name: "Kafka", dependencies: ["Kernel"]),
        .target(name: "Simulation", dependencies: ["Kafka", "Kernel"]),
        .target(name: "Checks", dependencies: ["Simulation", "Kafka", "Kernel"]),
        .target(
            name: "Scenarios", dependencies: ["Checks", "Simulation", "Kafka", "Kernel", "TOML"]),
        .target(
            name: "Exploration",
            dependencies: ["Scenarios", "Checks", "Simulation", "Kafka", "Kernel"]),
        .target(
            name: "Reports",
            dependencies: ["Exploration", "Scenarios", "Checks", "Simulation", "Kafka", "Kernel"]),
        .executableTarget(
            name: "samsa",
            dependencies: [
                "Exploration", "Reports", "Scenarios", "Checks", "Simulation", "Kafka", "Kernel",
            ]),
        .testTarget(name: "KernelTests", dependencies: ["Kernel"]),
        .testTarget(name: "TOMLTests", dependencies: ["TOML"]),
        .testTarget(
            name: "KafkaTests", dependencies: ["Kafka", "Kernel"], exclude: ["Interactions"]),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Kafka", "Kernel"]),
        .testTarget(name: "ChecksTests", dependencies: ["Checks", "Simulation", "Kafka", "Kernel"]),
        .testTarget(
            name: "ScenariosTests",
            dependencies: ["Scenarios", "Checks", "Simulation", "Kafka", "Kernel", "TOML"]),
        .testTarget(
            name: "ObservedTests", dependencies: ["Scenarios", "Simulation", "Kafka", "Kernel"]),
        .testTarget(name: "ExplorationTests", dependencies: ["Exploration", "Scenarios", "Kernel"]),
        .testTarget(
            name: "ReportsTests", dependencies: ["Reports", "Exploration", "Scenarios", "Kernel"]),
        .testTarget(name: "SamsaTests", dependencies: ["samsa"]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "ConformanceTests", dependencies: ["Kafka", "Kernel"], path: "Tests/Conformance",
            exclude: ["known-disagreements.txt"]),
    ],
    swiftLanguageModes: [.v6]
)
