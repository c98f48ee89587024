/// The rest of what brokers and controllers can be told.
extension SettingTable {
    /// Transactions, the quorum, metrics, quotas, security.
    static let brokerCoordinators = """
        = TransactionStateManagerConfig
        transactional.id.expiration.ms int 604800000 high 1...
        transaction.max.timeout.ms int 900000 high 1...
        transaction.abort.timed.out.transaction.cleanup.interval.ms int 10000 low 1...
        transaction.remove.expired.transaction.cleanup.interval.ms int 3600000 low 1...
        transaction.two.phase.commit.enable boolean false low
        = QuorumConfig
        controller.quorum.voters list [] high addresses(id)
        controller.quorum.bootstrap.servers list [] high addresses
        controller.quorum.election.timeout.ms int 1000 high 0...
        controller.quorum.fetch.timeout.ms int 2000 high 0...
        controller.quorum.election.backoff.max.ms int 1000 high 0...
        controller.quorum.append.linger.ms int 25 medium 0...
        controller.quorum.request.timeout.ms int 2000 medium 0...
        controller.quorum.retry.backoff.ms int 20 low 0...
        controller.quorum.auto.join.enable boolean false low
        controller.quorum.fetch.max.bytes int 1048576 low 1...
        controller.quorum.fetch.snapshot.max.bytes int 1048576 low 1...
        = MetricConfigs
        metrics.num.samples int 2 low 1...
        metrics.sample.window.ms long 30000 low 1...
        metric.reporters list [org.apache.kafka.common.metrics.JmxReporter] low unique @cluster-wide
        metrics.recording.level string INFO low
        kafka.metrics.reporters list [] low unique
        kafka.metrics.polling.interval.secs int 10 low 1...
        telemetry.max.bytes int 1048576 low 1...
        = QuotaConfig
        quota.window.num int 11 low 1...
        replication.quota.window.num int 11 low 1...
        alter.log.dirs.replication.quota.window.num int 11 low 1...
        controller.quota.window.num int 11 low 1...
        quota.window.size.seconds int 1 low 1...
        replication.quota.window.size.seconds int 1 low 1...
        alter.log.dirs.replication.quota.window.size.seconds int 1 low 1...
        controller.quota.window.size.seconds int 1 low 1...
        client.quota.callback.class class null low
        = BrokerSecurityConfigs
        connections.max.reauth.ms long 0 medium
        sasl.server.max.receive.size int 524288 medium
        security.providers string null low
        principal.builder.class class \
        org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder medium \
        @per-broker
        ssl.client.auth string none medium in(required,requested,none) @per-broker
        ssl.principal.mapping.rules string DEFAULT low
        ssl.allow.dn.changes boolean false low
        ssl.allow.san.changes boolean false low
        ssl.protocol string TLSv1.3 medium @per-broker
        ssl.provider string null medium @per-broker
        ssl.enabled.protocols list [TLSv1.2,TLSv1.3] medium unique @per-broker
        ssl.keystore.type string JKS medium @per-broker
        ssl.keystore.location string null medium @per-broker
        ssl.keystore.password password null medium @per-broker
        ssl.key.password password null medium @per-broker
        ssl.keystore.key password null medium @per-broker
        ssl.keystore.certificate.chain password null medium @per-broker
        ssl.truststore.type string JKS medium @per-broker
        ssl.truststore.location string null medium @per-broker
        ssl.truststore.password password null medium @per-broker
        ssl.truststore.certificates password null medium @per-broker
        ssl.keymanager.algorithm string SunX509 medium @per-broker
        ssl.trustmanager.algorithm string PKIX medium @per-broker
        ssl.endpoint.identification.algorithm string https low @per-broker
        ssl.secure.random.implementation string null low @per-broker
        ssl.cipher.suites list [] medium unique @per-broker
        ssl.engine.factory.class class null low @per-broker
        sasl.mechanism.inter.broker.protocol string GSSAPI medium @per-broker
        sasl.enabled.mechanisms list [GSSAPI] medium unique @per-broker
        sasl.server.callback.handler.class class null medium
        sasl.kerberos.principal.to.local.rules list [DEFAULT] medium unique @per-broker
        sasl.jaas.config password null medium @per-broker
        sasl.client.callback.handler.class class null medium
        sasl.login.class class null medium
        sasl.login.callback.handler.class class null medium
        sasl.kerberos.service.name string null medium @per-broker
        sasl.kerberos.kinit.cmd string /usr/bin/kinit medium @per-broker
        sasl.kerberos.ticket.renew.window.factor double 0.8 medium @per-broker
        sasl.kerberos.ticket.renew.jitter double 0.05 medium @per-broker
        sasl.kerberos.min.time.before.relogin long 60000 medium @per-broker
        sasl.login.refresh.window.factor double 0.8 medium @per-broker
        sasl.login.refresh.window.jitter double 0.05 medium @per-broker
        sasl.login.refresh.min.period.seconds short 60 medium @per-broker
        sasl.login.refresh.buffer.seconds short 300 medium @per-broker
        sasl.login.connect.timeout.ms int null low
        sasl.login.read.timeout.ms int null low
        sasl.login.retry.backoff.max.ms long 10000 low
        sasl.login.retry.backoff.ms long 100 low
        sasl.oauthbearer.scope.claim.name string scope low
        sasl.oauthbearer.sub.claim.name string sub low
        sasl.oauthbearer.token.endpoint.url string null medium
        sasl.oauthbearer.jwks.endpoint.url string null medium
        sasl.oauthbearer.jwks.endpoint.refresh.ms long 3600000 low
        sasl.oauthbearer.jwks.endpoint.retry.backoff.ms long 100 low
        sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms long 10000 low
        sasl.oauthbearer.clock.skew.seconds int 30 low
        sasl.oauthbearer.expected.audience list [] high unique
        sasl.oauthbearer.expected.issuer string null high
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
        = DelegationTokenManagerConfigs
        delegation.token.secret.key password null medium
        delegation.token.max.lifetime.ms long 604800000 medium 1...
        delegation.token.expiry.time.ms long 86400000 medium 1...
        delegation.token.expiry.check.interval.ms long 3600000 low 1...
        = AddPartitionsToTxnConfig
        add.partitions.to.txn.retry.backoff.max.ms int 100 high 0...
        add.partitions.to.txn.retry.backoff.ms int 20 high 1...
        """
}
