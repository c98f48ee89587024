/// What Kafka says about each request (ApiKeys and the message definitions).
extension APIKey {
    /// The constant of `ApiKeys`: `OFFSET_FOR_LEADER_EPOCH`.
    public var name: String { facts.name }

    /// The versions that are spoken; nil for requests of ZooKeeper times, of which none is left.
    public var versions: ClosedRange<Int16>? { facts.versions }

    /// The newest version of all, which may not be stable yet.
    public var newestVersion: Int16? { facts.newest }

    public var isAnsweredByBrokers: Bool { facts.brokers }
    public var isAnsweredByControllers: Bool { facts.controllers }

    /// Whether only the cluster's own nodes may send it (CLUSTER_ACTION).
    public var isClusterAction: Bool { facts.isClusterAction }

    /// Whether a broker passes it on to the active controller.
    public var isForwardable: Bool { facts.isForwardable }

    /// The version of the header of a request of the oldest or newest stable version: 2 for those
    /// with tagged fields (KIP-482).
    public func requestHeader(newest: Bool) -> Int16 { facts.isFlexible(newest) ? 2 : 1 }

    /// Likewise of a response. That to API_VERSIONS keeps the oldest header, so that a client that
    /// is too new for a broker can read it.
    public func responseHeader(newest: Bool) -> Int16 {
        facts.isFlexible(newest) && self != .apiVersions ? 1 : 0
    }

    private struct Facts {
        var name = ""
        var versions: ClosedRange<Int16>?
        var newest: Int16?
        var brokers = false
        var controllers = false
        var flexibleAtOldest = false
        var flexibleAtNewest = false
        var isClusterAction = false
        var isForwardable = false

        func isFlexible(_ newest: Bool) -> Bool { newest ? flexibleAtNewest : flexibleAtOldest }

        init(_ line: Substring) {
            let words = line.split(separator: " ")
            name = String(words[0])
            for word in words.dropFirst() {
                switch word {
                case "gone", "plain": break
                case "broker": brokers = true
                case "controller": controllers = true
                case "both": (brokers, controllers) = (true, true)
                case "mixed": flexibleAtNewest = true
                case "flexible": (flexibleAtOldest, flexibleAtNewest) = (true, true)
                case "cluster": isClusterAction = true
                case "forwarded": isForwardable = true
                default: (versions, newest) = Facts.versions(word)
                }
            }
        }

        private static func versions(_ word: Substring) -> (ClosedRange<Int16>?, Int16?) {
            let numbers = word.split { $0 == "." || $0 == "/" }.compactMap { Int16($0) }
            return (numbers[0]...numbers[1], numbers[numbers.count - 1])
        }
    }

    /// Keys are without gaps, from 0 on.
    private var facts: Facts { Self.table[Int(rawValue)] }

    private static let table = text.split(separator: "\n").map(Facts.init)

    /// Name, versions (behind the slash one that is not stable yet), who answers, whether it has
    /// tagged fields in none, the newest or all of its versions, and who may send it.
    private static let text = """
        PRODUCE 3...13 broker mixed
        FETCH 4...18 both mixed
        LIST_OFFSETS 1...11 broker mixed
        METADATA 0...13 broker mixed
        LEADER_AND_ISR gone cluster
        STOP_REPLICA gone cluster
        UPDATE_METADATA gone cluster
        CONTROLLED_SHUTDOWN gone cluster
        OFFSET_COMMIT 2...10 broker mixed
        OFFSET_FETCH 1...10 broker mixed
        FIND_COORDINATOR 0...6 broker mixed
        JOIN_GROUP 0...9 broker mixed
        HEARTBEAT 0...4 broker mixed
        LEAVE_GROUP 0...5 broker mixed
        SYNC_GROUP 0...5 broker mixed
        DESCRIBE_GROUPS 0...6 broker mixed
        LIST_GROUPS 0...5 broker mixed
        SASL_HANDSHAKE 0...1 both plain
        API_VERSIONS 0...4 both mixed
        CREATE_TOPICS 2...7 both mixed forwarded
        DELETE_TOPICS 1...6 both mixed forwarded
        DELETE_RECORDS 0...2 broker mixed
        INIT_PRODUCER_ID 0...5/6 broker mixed
        OFFSET_FOR_LEADER_EPOCH 2...4 broker mixed
        ADD_PARTITIONS_TO_TXN 0...5 broker mixed
        ADD_OFFSETS_TO_TXN 0...4 broker mixed
        END_TXN 0...5 broker mixed
        WRITE_TXN_MARKERS 1...2 broker flexible cluster
        TXN_OFFSET_COMMIT 0...5 broker mixed
        DESCRIBE_ACLS 1...3 both mixed
        CREATE_ACLS 1...3 both mixed forwarded
        DELETE_ACLS 1...3 both mixed forwarded
        DESCRIBE_CONFIGS 1...4 both mixed
        ALTER_CONFIGS 0...2 both mixed forwarded
        ALTER_REPLICA_LOG_DIRS 1...2 broker mixed
        DESCRIBE_LOG_DIRS 1...5 broker mixed
        SASL_AUTHENTICATE 0...2 both mixed
        CREATE_PARTITIONS 0...3 both mixed forwarded
        CREATE_DELEGATION_TOKEN 1...3 both mixed forwarded
        RENEW_DELEGATION_TOKEN 1...2 both mixed forwarded
        EXPIRE_DELEGATION_TOKEN 1...2 both mixed forwarded
        DESCRIBE_DELEGATION_TOKEN 1...3 both mixed
        DELETE_GROUPS 0...2 broker mixed
        ELECT_LEADERS 0...2 both mixed forwarded
        INCREMENTAL_ALTER_CONFIGS 0...1 both mixed forwarded
        ALTER_PARTITION_REASSIGNMENTS 0...1 both flexible forwarded
        LIST_PARTITION_REASSIGNMENTS 0...0 both flexible forwarded
        OFFSET_DELETE 0...0 broker plain
        DESCRIBE_CLIENT_QUOTAS 0...1 broker mixed
        ALTER_CLIENT_QUOTAS 0...1 both mixed forwarded
        DESCRIBE_USER_SCRAM_CREDENTIALS 0...0 both flexible
        ALTER_USER_SCRAM_CREDENTIALS 0...0 both flexible forwarded
        VOTE 0...2 controller flexible cluster
        BEGIN_QUORUM_EPOCH 0...1 controller mixed cluster
        END_QUORUM_EPOCH 0...1 controller mixed cluster
        DESCRIBE_QUORUM 0...2 both flexible cluster forwarded
        ALTER_PARTITION 2...3 controller flexible cluster
        UPDATE_FEATURES 0...2 both flexible cluster forwarded
        ENVELOPE 0...0 controller flexible cluster
        FETCH_SNAPSHOT 0...1 controller flexible
        DESCRIBE_CLUSTER 0...2 both flexible
        DESCRIBE_PRODUCERS 0...0 broker flexible
        BROKER_REGISTRATION 0...4 controller flexible cluster
        BROKER_HEARTBEAT 0...2 controller flexible cluster
        UNREGISTER_BROKER 0...0 both flexible forwarded
        DESCRIBE_TRANSACTIONS 0...0 broker flexible
        LIST_TRANSACTIONS 0...2 broker flexible
        ALLOCATE_PRODUCER_IDS 0...0 controller flexible cluster forwarded
        CONSUMER_GROUP_HEARTBEAT 0...1 broker flexible
        CONSUMER_GROUP_DESCRIBE 0...1 broker flexible
        CONTROLLER_REGISTRATION 0...0 controller flexible
        GET_TELEMETRY_SUBSCRIPTIONS 0...0 broker flexible
        PUSH_TELEMETRY 0...0 broker flexible
        ASSIGN_REPLICAS_TO_DIRS 0...0 controller flexible
        LIST_CONFIG_RESOURCES 0...1 broker flexible
        DESCRIBE_TOPIC_PARTITIONS 0...0 broker flexible
        SHARE_GROUP_HEARTBEAT 1...1 broker flexible
        SHARE_GROUP_DESCRIBE 1...1 broker flexible
        SHARE_FETCH 1...2 broker flexible
        SHARE_ACKNOWLEDGE 1...2 broker flexible
        ADD_RAFT_VOTER 0...1 both flexible forwarded
        REMOVE_RAFT_VOTER 0...0 both flexible forwarded
        UPDATE_RAFT_VOTER 0...0 controller flexible
        INITIALIZE_SHARE_GROUP_STATE 0...0 broker flexible cluster
        READ_SHARE_GROUP_STATE 0...0 broker flexible cluster
        WRITE_SHARE_GROUP_STATE 0...1 broker flexible cluster
        DELETE_SHARE_GROUP_STATE 0...0 broker flexible cluster
        READ_SHARE_GROUP_STATE_SUMMARY 0...1 broker flexible cluster
        STREAMS_GROUP_HEARTBEAT 0...0 broker flexible
        STREAMS_GROUP_DESCRIBE 0...0 broker flexible
        DESCRIBE_SHARE_GROUP_OFFSETS 0...1 broker flexible
        ALTER_SHARE_GROUP_OFFSETS 0...0 broker flexible
        DELETE_SHARE_GROUP_OFFSETS 0...0 broker flexible
        """
}
