/// What clients can be told.
extension SettingTable {
    /// ProducerConfig.
    static let producer = """
        bootstrap.servers list required high unique+filled
        client.dns.lookup string use_all_dns_ips medium \
        in(use_all_dns_ips,resolve_canonical_bootstrap_servers_only)
        buffer.memory long 33554432 high 0...
        retries int 2147483647 high 0...2147483647
        acks string all low in(all,-1,0,1)
        compression.type string none high in(none,gzip,snappy,lz4,zstd)
        compression.gzip.level int -1 medium 1...9|-1
        compression.lz4.level int 9 medium 1...17
        compression.zstd.level int 3 medium -131072...22
        batch.size int 16384 medium 0...
        partitioner.adaptive.partitioning.enable boolean true low
        partitioner.availability.timeout.ms long 0 low 0...
        partitioner.ignore.keys boolean false medium
        linger.ms long 5 medium 0...
        delivery.timeout.ms int 120000 medium 0...
        client.id string empty medium
        send.buffer.bytes int 131072 medium -1...
        receive.buffer.bytes int 32768 medium -1...
        max.request.size int 1048576 medium 0...
        reconnect.backoff.ms long 50 low 0...
        reconnect.backoff.max.ms long 1000 low 0...
        retry.backoff.ms long 100 low 0...
        retry.backoff.max.ms long 1000 low 0...
        enable.metrics.push boolean true low
        max.block.ms long 60000 medium 0...
        request.timeout.ms int 30000 medium 0...
        metadata.max.age.ms long 300000 low 0...
        metadata.max.idle.ms long 300000 low 5000...
        metrics.sample.window.ms long 30000 low 0...
        metrics.num.samples int 2 low 1...
        metrics.recording.level string INFO low in(INFO,DEBUG,TRACE)
        metric.reporters list [org.apache.kafka.common.metrics.JmxReporter] low unique
        max.in.flight.requests.per.connection int 5 low 1...
        key.serializer class required high
        value.serializer class required high
        socket.connection.setup.timeout.ms long 10000 medium
        socket.connection.setup.timeout.max.ms long 30000 medium
        connections.max.idle.ms long 540000 medium
        partitioner.class class null medium
        interceptor.classes list [] low unique
        security.protocol string PLAINTEXT medium any-case(SASL_SSL,PLAINTEXT,SSL,SASL_PLAINTEXT)
        security.providers string null low
        + client-security
        enable.idempotence boolean true low
        transaction.timeout.ms int 60000 low
        transactional.id string null low filled
        metadata.recovery.strategy string rebootstrap low any-case(REBOOTSTRAP,NONE)
        config.providers list [] low unique
        metadata.recovery.rebootstrap.trigger.ms long 300000 low 0...
        transaction.two.phase.commit.enable boolean false low
        """

    /// ConsumerConfig.
    static let consumer = """
        bootstrap.servers list required high unique+filled
        client.dns.lookup string use_all_dns_ips medium \
        in(use_all_dns_ips,resolve_canonical_bootstrap_servers_only)
        group.id string null high
        group.instance.id string null medium filled
        session.timeout.ms int 45000 high
        heartbeat.interval.ms int 3000 high
        partition.assignment.strategy list \
        [org.apache.kafka.clients.consumer.RangeAssignor,\
        org.apache.kafka.clients.consumer.CooperativeStickyAssignor] \
        medium unique
        metadata.max.age.ms long 300000 low 0...
        enable.auto.commit boolean true medium
        auto.commit.interval.ms int 5000 low 0...
        client.id string empty low
        client.rack string empty low
        max.partition.fetch.bytes int 1048576 high 0...
        send.buffer.bytes int 131072 medium -1...
        receive.buffer.bytes int 65536 medium -1...
        fetch.min.bytes int 1 high 0...
        fetch.max.bytes int 52428800 medium 0...
        fetch.max.wait.ms int 500 low 0...
        reconnect.backoff.ms long 50 low 0...
        reconnect.backoff.max.ms long 1000 low 0...
        retry.backoff.ms long 100 low 0...
        retry.backoff.max.ms long 1000 low 0...
        enable.metrics.push boolean true low
        auto.offset.reset string latest medium reset(none)
        check.crcs boolean true low
        metrics.sample.window.ms long 30000 low 0...
        metrics.num.samples int 2 low 1...
        metrics.recording.level string INFO low in(INFO,DEBUG,TRACE)
        metric.reporters list [org.apache.kafka.common.metrics.JmxReporter] low unique
        key.deserializer class required high
        value.deserializer class required high
        request.timeout.ms int 30000 medium 0...
        default.api.timeout.ms int 60000 medium 0...
        socket.connection.setup.timeout.ms long 10000 medium
        socket.connection.setup.timeout.max.ms long 30000 medium
        connections.max.idle.ms long 540000 medium
        interceptor.classes list [] low unique
        max.poll.records int 500 medium 1...
        max.poll.interval.ms int 300000 medium 1...
        exclude.internal.topics boolean true medium
        internal.throw.on.fetch.stable.offset.unsupported boolean false low internal
        isolation.level string read_uncommitted medium in(read_committed,read_uncommitted)
        allow.auto.create.topics boolean true medium
        group.protocol string classic high any-case(CONSUMER,CLASSIC)
        group.remote.assignor string null medium
        security.providers string null low
        security.protocol string PLAINTEXT medium any-case(SASL_SSL,PLAINTEXT,SSL,SASL_PLAINTEXT)
        + client-security
        metadata.recovery.strategy string rebootstrap low any-case(REBOOTSTRAP,NONE)
        config.providers list [] low unique
        metadata.recovery.rebootstrap.trigger.ms long 300000 low 0...
        share.acknowledgement.mode string implicit medium in(implicit,explicit)
        share.acquire.mode string BATCH_OPTIMIZED medium mode(batch_optimized,record_limit)
        """

    /// AdminClientConfig.
    static let admin = """
        bootstrap.servers list [] high unique
        bootstrap.controllers list [] high unique
        client.id string empty medium
        metadata.max.age.ms long 300000 low 0...
        send.buffer.bytes int 131072 medium -1...
        receive.buffer.bytes int 65536 medium -1...
        reconnect.backoff.ms long 50 low 0...
        reconnect.backoff.max.ms long 1000 low 0...
        retry.backoff.ms long 100 low 0...
        retry.backoff.max.ms long 1000 low 0...
        enable.metrics.push boolean false low
        request.timeout.ms int 30000 medium 0...
        socket.connection.setup.timeout.ms long 10000 medium
        socket.connection.setup.timeout.max.ms long 30000 medium
        connections.max.idle.ms long 300000 medium
        retries int 2147483647 low 0...2147483647
        default.api.timeout.ms int 60000 medium 0...
        metrics.sample.window.ms long 30000 low 0...
        metrics.num.samples int 2 low 1...
        metric.reporters list [org.apache.kafka.common.metrics.JmxReporter] low unique
        metrics.recording.level string INFO low in(INFO,DEBUG,TRACE)
        client.dns.lookup string use_all_dns_ips medium \
        in(use_all_dns_ips,resolve_canonical_bootstrap_servers_only)
        security.providers string null low
        security.protocol string PLAINTEXT medium any-case(SASL_SSL,PLAINTEXT,SSL,SASL_PLAINTEXT)
        + client-security
        metadata.recovery.strategy string rebootstrap low any-case(REBOOTSTRAP,NONE)
        config.providers list [] low unique
        metadata.recovery.rebootstrap.trigger.ms long 300000 low 0...
        """

    /// SslConfigs and SaslConfigs, the same for every client.
    static let clientSecurity = """
        ssl.protocol string TLSv1.3 medium
        ssl.provider string null medium
        ssl.cipher.suites list [] low unique
        ssl.enabled.protocols list [TLSv1.2,TLSv1.3] medium unique
        ssl.keystore.type string JKS medium
        ssl.keystore.location string null high
        ssl.keystore.password password null high
        ssl.key.password password null high
        ssl.keystore.key password null high
        ssl.keystore.certificate.chain password null high
        ssl.truststore.certificates password null high
        ssl.truststore.type string JKS medium
        ssl.truststore.location string null high
        ssl.truststore.password password null high
        ssl.keymanager.algorithm string SunX509 low
        ssl.trustmanager.algorithm string PKIX low
        ssl.endpoint.identification.algorithm string https low
        ssl.secure.random.implementation string null low
        ssl.engine.factory.class class null low
        sasl.kerberos.service.name string null medium
        sasl.kerberos.kinit.cmd string /usr/bin/kinit low
        sasl.kerberos.ticket.renew.window.factor double 0.8 low
        sasl.kerberos.ticket.renew.jitter double 0.05 low
        sasl.kerberos.min.time.before.relogin long 60000 low
        sasl.login.refresh.window.factor double 0.8 low 0.5...1.0
        sasl.login.refresh.window.jitter double 0.05 low 0.0...0.25
        sasl.login.refresh.min.period.seconds short 60 low 0...900
        sasl.login.refresh.buffer.seconds short 300 low 0...3600
        sasl.mechanism string GSSAPI medium
        sasl.jaas.config password null medium
        sasl.client.callback.handler.class class null medium
        sasl.login.callback.handler.class class null medium
        sasl.login.class class null medium
        sasl.login.connect.timeout.ms int null low
        sasl.login.read.timeout.ms int null low
        sasl.login.retry.backoff.max.ms long 10000 low
        sasl.login.retry.backoff.ms long 100 low
        sasl.oauthbearer.scope.claim.name string scope low
        sasl.oauthbearer.sub.claim.name string sub low
        sasl.oauthbearer.token.endpoint.url string null medium
        sasl.oauthbearer.jwks.endpoint.url string null medium
        sasl.oauthbearer.jwks.endpoint.refresh.ms long 3600000 low
        sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms long 10000 low
        sasl.oauthbearer.jwks.endpoint.retry.backoff.ms long 100 low
        sasl.oauthbearer.clock.skew.seconds int 30 low
        sasl.oauthbearer.expected.audience list [] high unique
        sasl.oauthbearer.expected.issuer string null high
        sasl.oauthbearer.header.urlencode boolean false low
        sasl.oauthbearer.assertion.algorithm string RS256 medium any-case(ES256,RS256)
        sasl.oauthbearer.assertion.claim.aud string null medium
        sasl.oauthbearer.assertion.claim.exp.seconds int 300 low 0...86400
        sasl.oauthbearer.assertion.claim.iss string null medium
        sasl.oauthbearer.assertion.claim.jti.include boolean false medium
        sasl.oauthbearer.assertion.claim.nbf.seconds int 60 low 0...3600
        sasl.oauthbearer.assertion.claim.sub string null medium
        sasl.oauthbearer.assertion.file string null medium
        sasl.oauthbearer.assertion.private.key.file string null medium
        sasl.oauthbearer.assertion.private.key.passphrase password null medium
        sasl.oauthbearer.assertion.template.file string null medium
        sasl.oauthbearer.client.credentials.client.id string null medium
        sasl.oauthbearer.client.credentials.client.secret password null medium
        sasl.oauthbearer.jwt.retriever.class class \
        org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever medium
        sasl.oauthbearer.jwt.validator.class class \
        org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator medium
        sasl.oauthbearer.scope string null medium
        """
}
