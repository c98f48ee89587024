extension RecordBatch {
    /// A batch of data as a producer sends it, unless told otherwise: base offset 0, no epoch.
    /// Precondition: it has a record.
    public init(
        baseOffset: Int64 = 0, leaderEpoch: Int32 = Absent.leaderEpoch,
        attributes: Attributes = [], producerID: ProducerID = .none,
        producerEpoch: Int16 = Absent.producerEpoch, baseSequence: Int32 = Absent.sequence,
        records: [Record]
    ) {
        self.baseOffset = baseOffset
        self.lastOffsetDelta = records[records.count - 1].offsetDelta
        self.leaderEpoch = leaderEpoch
        self.attributes = attributes
        self.producerEpoch = producerEpoch
        self.producerID = producerID
        self.baseSequence = baseSequence
        self.baseTimestamp = records[0].timestamp
        var latest = Absent.timestamp
        for record in records where record.timestamp > latest { latest = record.timestamp }
        self.maxTimestamp = latest
        self.content = .spelled(records)
        self.sizeInBytes = sizeOfBatch(records, baseTimestamp: records[0].timestamp)
    }

    /// A batch of generated records whose first was made at `timestamp`.
    public init(
        generated: GeneratedRecords, timestamp: Int64, attributes: Attributes = [],
        producerID: ProducerID = .none, producerEpoch: Int16 = Absent.producerEpoch,
        baseSequence: Int32 = Absent.sequence
    ) {
        self.baseOffset = 0
        self.lastOffsetDelta = generated.count - 1
        self.leaderEpoch = Absent.leaderEpoch
        self.attributes = attributes
        self.producerEpoch = producerEpoch
        self.producerID = producerID
        self.baseSequence = baseSequence
        self.baseTimestamp = timestamp
        self.maxTimestamp =
            timestamp + Int64(generated.count - 1) * Int64(max(generated.timestampStep, 0))
        self.content = .generated(generated)
        self.sizeInBytes = sizeOfBatch(generated)
    }

    /// The batch with which a coordinator ends a producer's transaction
    /// (MemoryRecords.withEndTransactionMarker).
    public init(
        marker: EndTransactionMarker, producerID: ProducerID, producerEpoch: Int16,
        timestamp: Int64, baseOffset: Int64 = 0, leaderEpoch: Int32 = Absent.leaderEpoch
    ) {
        self.baseOffset = baseOffset
        self.lastOffsetDelta = 0
        self.leaderEpoch = leaderEpoch
        self.attributes = [.transactional, .control]
        self.producerEpoch = producerEpoch
        self.producerID = producerID
        self.baseSequence = Absent.sequence
        self.baseTimestamp = timestamp
        self.maxTimestamp = timestamp
        self.content = .endTransaction(marker)
        self.sizeInBytes = RecordBatch.headerSize + endTransactionRecordSize
    }
}
