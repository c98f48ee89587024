/// What Kafka's own classes say about each error: its name, and the exception that clients see.
extension KafkaError {
    /// The constant of `Errors`: `NOT_LEADER_OR_FOLLOWER`.
    public var name: String { facts.name }

    /// The class of its exception: `NotLeaderOrFollowerException`; nil for `none`.
    public var exception: String? { facts.exception }

    /// The classes above its exception up to `ApiException`, nearest first.
    public var parents: [String] {
        var parents: [String] = []
        var next = facts.parent
        while let parent = next {
            parents.append(parent)
            next = Self.parent(of: parent)
        }
        return parents
    }

    /// Whether a client may try again (RetriableException).
    public var isRetriable: Bool { facts.isRetriable }

    /// Whether a client also asks for new metadata (InvalidMetadataException).
    public var isInvalidMetadata: Bool { facts.isInvalidMetadata }

    /// The error that Kafka calls by this name.
    public init?(name: String) {
        guard let index = Self.table.firstIndex(where: { $0.name == name }) else { return nil }
        self = Self.allCases[index]
    }

    private struct Facts {
        let name: String
        let exception: String?
        let parent: String?
        var isRetriable = false
        var isInvalidMetadata = false
    }

    /// Codes are without gaps, from -1 on.
    private var facts: Facts { Self.table[Int(rawValue) + 1] }

    private static func parent(of exception: String) -> String? {
        switch exception {
        case "ApplicationRecoverableException": "ApiException"
        case "AuthenticationException": "InvalidConfigurationException"
        case "AuthorizationException": "InvalidConfigurationException"
        case "InvalidConfigurationException": "ApiException"
        case "InvalidMetadataException": "RefreshRetriableException"
        case "InvalidOffsetException": "ApiException"
        case "OutOfOrderSequenceException": "ApiException"
        case "RefreshRetriableException": "RetriableException"
        case "RetriableException": "ApiException"
        default: nil
        }
    }

    private static let table: [Facts] = text.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        let none = words[1] == "-"
        var facts = Facts(
            name: words[0], exception: none ? nil : words[1], parent: none ? nil : words[2])
        var ancestor = facts.parent
        while let one = ancestor {
            if one == "RetriableException" { facts.isRetriable = true }
            if one == "InvalidMetadataException" { facts.isInvalidMetadata = true }
            ancestor = parent(of: one)
        }
        return facts
    }

    /// Name, exception and the class that it extends, in the order of the codes.
    private static let text = """
        UNKNOWN_SERVER_ERROR UnknownServerException ApiException
        NONE - -
        OFFSET_OUT_OF_RANGE OffsetOutOfRangeException InvalidOffsetException
        CORRUPT_MESSAGE CorruptRecordException RetriableException
        UNKNOWN_TOPIC_OR_PARTITION UnknownTopicOrPartitionException InvalidMetadataException
        INVALID_FETCH_SIZE InvalidFetchSizeException ApiException
        LEADER_NOT_AVAILABLE LeaderNotAvailableException InvalidMetadataException
        NOT_LEADER_OR_FOLLOWER NotLeaderOrFollowerException InvalidMetadataException
        REQUEST_TIMED_OUT TimeoutException RetriableException
        BROKER_NOT_AVAILABLE BrokerNotAvailableException ApiException
        REPLICA_NOT_AVAILABLE ReplicaNotAvailableException InvalidMetadataException
        MESSAGE_TOO_LARGE RecordTooLargeException ApiException
        STALE_CONTROLLER_EPOCH ControllerMovedException ApiException
        OFFSET_METADATA_TOO_LARGE OffsetMetadataTooLarge ApiException
        NETWORK_EXCEPTION NetworkException InvalidMetadataException
        COORDINATOR_LOAD_IN_PROGRESS CoordinatorLoadInProgressException RetriableException
        COORDINATOR_NOT_AVAILABLE CoordinatorNotAvailableException RefreshRetriableException
        NOT_COORDINATOR NotCoordinatorException RefreshRetriableException
        INVALID_TOPIC_EXCEPTION InvalidTopicException InvalidConfigurationException
        RECORD_LIST_TOO_LARGE RecordBatchTooLargeException InvalidConfigurationException
        NOT_ENOUGH_REPLICAS NotEnoughReplicasException RetriableException
        NOT_ENOUGH_REPLICAS_AFTER_APPEND NotEnoughReplicasAfterAppendException RetriableException
        INVALID_REQUIRED_ACKS InvalidRequiredAcksException InvalidConfigurationException
        ILLEGAL_GENERATION IllegalGenerationException ApplicationRecoverableException
        INCONSISTENT_GROUP_PROTOCOL InconsistentGroupProtocolException ApiException
        INVALID_GROUP_ID InvalidGroupIdException ApiException
        UNKNOWN_MEMBER_ID UnknownMemberIdException ApplicationRecoverableException
        INVALID_SESSION_TIMEOUT InvalidSessionTimeoutException ApiException
        REBALANCE_IN_PROGRESS RebalanceInProgressException ApiException
        INVALID_COMMIT_OFFSET_SIZE InvalidCommitOffsetSizeException ApiException
        TOPIC_AUTHORIZATION_FAILED TopicAuthorizationException AuthorizationException
        GROUP_AUTHORIZATION_FAILED GroupAuthorizationException AuthorizationException
        CLUSTER_AUTHORIZATION_FAILED ClusterAuthorizationException AuthorizationException
        INVALID_TIMESTAMP InvalidTimestampException ApiException
        UNSUPPORTED_SASL_MECHANISM UnsupportedSaslMechanismException AuthenticationException
        ILLEGAL_SASL_STATE IllegalSaslStateException AuthenticationException
        UNSUPPORTED_VERSION UnsupportedVersionException InvalidConfigurationException
        TOPIC_ALREADY_EXISTS TopicExistsException ApiException
        INVALID_PARTITIONS InvalidPartitionsException ApiException
        INVALID_REPLICATION_FACTOR InvalidReplicationFactorException InvalidConfigurationException
        INVALID_REPLICA_ASSIGNMENT InvalidReplicaAssignmentException ApiException
        INVALID_CONFIG InvalidConfigurationException ApiException
        NOT_CONTROLLER NotControllerException RetriableException
        INVALID_REQUEST InvalidRequestException ApiException
        UNSUPPORTED_FOR_MESSAGE_FORMAT UnsupportedForMessageFormatException \
        InvalidConfigurationException
        POLICY_VIOLATION PolicyViolationException ApiException
        OUT_OF_ORDER_SEQUENCE_NUMBER OutOfOrderSequenceException ApiException
        DUPLICATE_SEQUENCE_NUMBER DuplicateSequenceException ApiException
        INVALID_PRODUCER_EPOCH InvalidProducerEpochException ApplicationRecoverableException
        INVALID_TXN_STATE InvalidTxnStateException ApiException
        INVALID_PRODUCER_ID_MAPPING InvalidPidMappingException ApplicationRecoverableException
        INVALID_TRANSACTION_TIMEOUT InvalidTxnTimeoutException ApiException
        CONCURRENT_TRANSACTIONS ConcurrentTransactionsException RetriableException
        TRANSACTION_COORDINATOR_FENCED TransactionCoordinatorFencedException ApiException
        TRANSACTIONAL_ID_AUTHORIZATION_FAILED TransactionalIdAuthorizationException \
        AuthorizationException
        SECURITY_DISABLED SecurityDisabledException ApiException
        OPERATION_NOT_ATTEMPTED OperationNotAttemptedException ApiException
        KAFKA_STORAGE_ERROR KafkaStorageException InvalidMetadataException
        LOG_DIR_NOT_FOUND LogDirNotFoundException ApiException
        SASL_AUTHENTICATION_FAILED SaslAuthenticationException AuthenticationException
        UNKNOWN_PRODUCER_ID UnknownProducerIdException OutOfOrderSequenceException
        REASSIGNMENT_IN_PROGRESS ReassignmentInProgressException ApiException
        DELEGATION_TOKEN_AUTH_DISABLED DelegationTokenDisabledException ApiException
        DELEGATION_TOKEN_NOT_FOUND DelegationTokenNotFoundException ApiException
        DELEGATION_TOKEN_OWNER_MISMATCH DelegationTokenOwnerMismatchException ApiException
        DELEGATION_TOKEN_REQUEST_NOT_ALLOWED UnsupportedByAuthenticationException ApiException
        DELEGATION_TOKEN_AUTHORIZATION_FAILED DelegationTokenAuthorizationException \
        AuthorizationException
        DELEGATION_TOKEN_EXPIRED DelegationTokenExpiredException ApiException
        INVALID_PRINCIPAL_TYPE InvalidPrincipalTypeException ApiException
        NON_EMPTY_GROUP GroupNotEmptyException ApiException
        GROUP_ID_NOT_FOUND GroupIdNotFoundException ApiException
        FETCH_SESSION_ID_NOT_FOUND FetchSessionIdNotFoundException RetriableException
        INVALID_FETCH_SESSION_EPOCH InvalidFetchSessionEpochException RetriableException
        LISTENER_NOT_FOUND ListenerNotFoundException InvalidMetadataException
        TOPIC_DELETION_DISABLED TopicDeletionDisabledException ApiException
        FENCED_LEADER_EPOCH FencedLeaderEpochException InvalidMetadataException
        UNKNOWN_LEADER_EPOCH UnknownLeaderEpochException RetriableException
        UNSUPPORTED_COMPRESSION_TYPE UnsupportedCompressionTypeException ApiException
        STALE_BROKER_EPOCH StaleBrokerEpochException ApiException
        OFFSET_NOT_AVAILABLE OffsetNotAvailableException RetriableException
        MEMBER_ID_REQUIRED MemberIdRequiredException ApiException
        PREFERRED_LEADER_NOT_AVAILABLE PreferredLeaderNotAvailableException InvalidMetadataException
        GROUP_MAX_SIZE_REACHED GroupMaxSizeReachedException ApiException
        FENCED_INSTANCE_ID FencedInstanceIdException ApplicationRecoverableException
        ELIGIBLE_LEADERS_NOT_AVAILABLE EligibleLeadersNotAvailableException InvalidMetadataException
        ELECTION_NOT_NEEDED ElectionNotNeededException InvalidMetadataException
        NO_REASSIGNMENT_IN_PROGRESS NoReassignmentInProgressException ApiException
        GROUP_SUBSCRIBED_TO_TOPIC GroupSubscribedToTopicException ApiException
        INVALID_RECORD InvalidRecordException InvalidConfigurationException
        UNSTABLE_OFFSET_COMMIT UnstableOffsetCommitException RetriableException
        THROTTLING_QUOTA_EXCEEDED ThrottlingQuotaExceededException RetriableException
        PRODUCER_FENCED ProducerFencedException ApplicationRecoverableException
        RESOURCE_NOT_FOUND ResourceNotFoundException ApiException
        DUPLICATE_RESOURCE DuplicateResourceException ApiException
        UNACCEPTABLE_CREDENTIAL UnacceptableCredentialException ApiException
        INCONSISTENT_VOTER_SET InconsistentVoterSetException ApiException
        INVALID_UPDATE_VERSION InvalidUpdateVersionException ApiException
        FEATURE_UPDATE_FAILED FeatureUpdateFailedException ApiException
        PRINCIPAL_DESERIALIZATION_FAILURE PrincipalDeserializationException ApiException
        SNAPSHOT_NOT_FOUND SnapshotNotFoundException ApiException
        POSITION_OUT_OF_RANGE PositionOutOfRangeException ApiException
        UNKNOWN_TOPIC_ID UnknownTopicIdException InvalidMetadataException
        DUPLICATE_BROKER_REGISTRATION DuplicateBrokerRegistrationException ApiException
        BROKER_ID_NOT_REGISTERED BrokerIdNotRegisteredException ApiException
        INCONSISTENT_TOPIC_ID InconsistentTopicIdException InvalidMetadataException
        INCONSISTENT_CLUSTER_ID InconsistentClusterIdException ApiException
        TRANSACTIONAL_ID_NOT_FOUND TransactionalIdNotFoundException ApiException
        FETCH_SESSION_TOPIC_ID_ERROR FetchSessionTopicIdException RetriableException
        INELIGIBLE_REPLICA IneligibleReplicaException ApiException
        NEW_LEADER_ELECTED NewLeaderElectedException ApiException
        OFFSET_MOVED_TO_TIERED_STORAGE OffsetMovedToTieredStorageException ApiException
        FENCED_MEMBER_EPOCH FencedMemberEpochException ApiException
        UNRELEASED_INSTANCE_ID UnreleasedInstanceIdException ApiException
        UNSUPPORTED_ASSIGNOR UnsupportedAssignorException ApiException
        STALE_MEMBER_EPOCH StaleMemberEpochException ApiException
        MISMATCHED_ENDPOINT_TYPE MismatchedEndpointTypeException ApiException
        UNSUPPORTED_ENDPOINT_TYPE UnsupportedEndpointTypeException ApiException
        UNKNOWN_CONTROLLER_ID UnknownControllerIdException ApiException
        UNKNOWN_SUBSCRIPTION_ID UnknownSubscriptionIdException ApiException
        TELEMETRY_TOO_LARGE TelemetryTooLargeException ApiException
        INVALID_REGISTRATION InvalidRegistrationException ApiException
        TRANSACTION_ABORTABLE TransactionAbortableException ApiException
        INVALID_RECORD_STATE InvalidRecordStateException ApiException
        SHARE_SESSION_NOT_FOUND ShareSessionNotFoundException RetriableException
        INVALID_SHARE_SESSION_EPOCH InvalidShareSessionEpochException RetriableException
        FENCED_STATE_EPOCH FencedStateEpochException ApiException
        INVALID_VOTER_KEY InvalidVoterKeyException ApiException
        DUPLICATE_VOTER DuplicateVoterException ApiException
        VOTER_NOT_FOUND VoterNotFoundException ApiException
        INVALID_REGULAR_EXPRESSION InvalidRegularExpression ApiException
        REBOOTSTRAP_REQUIRED RebootstrapRequiredException ApiException
        STREAMS_INVALID_TOPOLOGY StreamsInvalidTopologyException ApiException
        STREAMS_INVALID_TOPOLOGY_EPOCH StreamsInvalidTopologyEpochException ApiException
        STREAMS_TOPOLOGY_FENCED StreamsTopologyFencedException ApiException
        SHARE_SESSION_LIMIT_REACHED ShareSessionLimitReachedException RetriableException
        """
}
