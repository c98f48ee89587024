import Kernel

/// Kafka's consumer client, the fetching side: the program's calls come in on one side, answers of
/// brokers on the other.
///
/// A value with one door, `receive`. There are two of them in Kafka, and so there are here: the
/// classic one does everything in the program's thread while that is in a call, the newer one has
/// a thread for the network, with which the program's thread speaks through queues. What they have
/// in common stands in extensions of this type, what they do not in `ClassicThread` and
/// `BackgroundThread`.
public struct Consumer: Sendable {
    public let settings: ConsumerSettings
    public internal(set) var metadata: ConsumerMetadata
    public internal(set) var subscription: SubscriptionState
    var network: ConsumerNetwork
    var refresh: MetadataRefresh
    var buffer = FetchBuffer()
    /// By node.
    var sessions = SortedMap<NodeID, FetchSessionHandler>()
    /// A fetch is under way there.
    var pendingNodes: [NodeID] = []
    var positionErrors = PositionErrors()
    var lookups: [Lookup] = []
    var lastLookup: Int32 = 0
    /// The update of positions for which resets are being asked.
    var resettingUpdate: BackgroundThread.EventID?
    /// With the group's coordinator; the members' side has its place here.
    var group: GroupClient
    var classic = ClassicThread()
    var background: BackgroundThread
    var isClosed = false

    public init(_ settings: ConsumerSettings, at now: Instant) {
        self.settings = settings
        metadata = ConsumerMetadata(bootstrapNodes: settings.bootstrapNodes)
        subscription = SubscriptionState(
            resetPolicy: settings.reset, isolation: settings.isolation)
        network = ConsumerNetwork(settings)
        refresh = MetadataRefresh(maxAge: settings.metadataMaxAge, backoff: settings.retryBackoff)
        group = GroupClient(settings, at: now)
        background = BackgroundThread(settings, at: now)
    }

    /// The one door.
    public mutating func receive(
        _ input: ConsumerInput, at now: Instant, _ effects: inout ConsumerEffects
    ) {
        switch input {
        case .call(let call): begin(call, now, &effects)
        case .answer(let number, let answer): network.receive(answer, to: number)
        case .connected(let node):
            network.connections.becomeConnected(node, initProducerIDVersion: -1)
        case .disconnected(let node):
            network.lose(node, at: now)
            hasLostServer(now)
        case .metadata(let reply): update(reply, now)
        case .time, .turn: break
        }
        switch settings.implementation {
        case .classic: goOnClassic(now, &effects)
        case .consumer: goOnInBackground(input, now, &effects)
        }
        for reset in subscription.takeResets() {
            effects.append(
                .reset(reset.partition, offset: reset.offset, endInEpoch: reset.endInEpoch))
        }
    }

    private mutating func begin(
        _ call: ConsumerCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        guard !isClosed else {
            if case .close = call {
                effects.append(.returned(.done))
            } else {
                effects.append(.failed(.illegalState))
            }
            return
        }
        switch settings.implementation {
        case .classic: beginClassic(call, now, &effects)
        case .consumer: beginInBackground(call, now, &effects)
        }
    }

    /// The number of a partition, for calls.
    public mutating func partition(_ name: TopicPartition) -> PartitionRef {
        metadata.partition(name)
    }

    public func name(of partition: PartitionRef) -> TopicPartition { metadata.name(of: partition) }

    mutating func queue(
        _ body: ConsumerRequest.Body, to node: NodeID?, for errand: ConsumerErrand, _ now: Instant
    ) {
        switch settings.implementation {
        case .classic: network.queue(body, to: node, for: errand, at: now)
        case .consumer:
            background.staged.append(
                .init(node: node, body: body, errand: errand, created: now))
        }
    }

    // MARK: Metadata

    mutating func update(_ reply: MetadataReply, _ now: Instant) {
        let isNews = metadata.update(reply, subscription)
        refresh.succeeded(at: now, isNews: isNews)
        metadataHasChanged(now)
    }

    /// Searches that had no leader to ask try again.
    mutating func metadataHasChanged(_ now: Instant) {
        if settings.implementation == .consumer { resumeLookups(now) }
    }

    /// Asks for metadata when it is time.
    mutating func maybeSendMetadataRequest(_ now: Instant) {
        guard refresh.due(isRequested: metadata.isUpdateRequested) <= now else { return }
        guard !network.isAskingForMetadata else { return }
        // When all that are known of are gone, those it began with, and all else is forgotten
        // (KIP-899).
        if !settings.bootstrapNodes.isEmpty,
            !network.connections.canReach(metadata.nodes, at: now) {
            metadata.forget(
                nodes: settings.bootstrapNodes,
                keepsEpochs: settings.generation.keepsEpochsOverRebootstrap)
        }
        guard let node = network.connections.leastLoaded(of: metadata.nodes, at: now) else {
            return
        }
        let wanted = MetadataRequest(metadata.wantedTopics(subscription))
        network.queue(.broker(.metadata(wanted)), to: node, for: .metadata, at: now)
    }

    /// A server that is gone may no longer lead what it led; and whoever was about to be asked who
    /// does counts as asked in vain (NetworkClient.handleServerDisconnect).
    mutating func hasLostServer(_ now: Instant) {
        if !network.isAskingForMetadata,
            refresh.due(isRequested: metadata.isUpdateRequested) <= now {
            refresh.failed(at: now)
        }
        metadata.requestUpdate()
    }

    // MARK: Answers

    /// Does what hangs on a request that has ended. Throws what flies out of the handler of its
    /// answer, into whatever the thread is doing.
    mutating func handle(
        _ one: ConsumerNetwork.Ended, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch one.errand {
        case .fetch:
            guard let node = one.node else { return }
            if case .answer(.broker(.fetch(let reply))) = one.outcome {
                receive(reply, from: node, now)
            } else {
                fetchFailed(from: node)
            }
        case .endSession: pendingNodes.removeAll { $0 == one.node }
        case .reset(let resets, let update):
            receiveReset(resets, one.outcome, now)
            resetHasAnswered(update, now)
        case .lookUp(let id): try receiveLookup(id, one.outcome, now)
        case .validate(let asked): receiveValidation(asked, one.outcome, now)
        case .findCoordinator: try receiveCoordinator(one.outcome, now, &effects)
        case .fetchCommitted(let id): receiveCommitted(id, one.outcome, now)
        case .commit(let id): receiveCommit(id, one.outcome, now)
        case .metadata:
            if case .answer(.broker(.metadata(let reply))) = one.outcome {
                update(reply, now)
            } else {
                refresh.failed(at: now)
            }
        }
    }
}
