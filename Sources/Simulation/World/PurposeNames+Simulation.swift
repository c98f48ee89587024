import Kafka
import Kernel

extension PurposeNames {
    /// What the world itself leaves to chance.
    public static let simulation: PurposeNames = [
        "simulation.reconnect-jitter": .reconnectJitter,
        "simulation.target-pick": .targetPick,
        "simulation.swizzle": .swizzle,
        "simulation.kept-by-power-loss": .keptByPowerLoss,
        "simulation.torn-log": .tornLog,
        "chaos.leaves-out": .chaosLeavesOut,
        "chaos.wait": .chaosWait,
        "chaos.victim": .chaosVictim,
        "chaos.lasting": .chaosLasting,
        "chaos.amount": .chaosAmount,
    ]

    /// Every purpose that a choice of a world can have.
    public static let all = PurposeNames(
        joining: [.network, .disk, .raft, .broker, .controller, .clients, .simulation])
}
