#!/bin/sh
# What kc.sh does, without the programs of a system that it needs for it; with the quick compiler only, on a busy machine.
set -eu
# shellcheck disable=SC2086
exec java ${JAVA_OPTS_KC_HEAP:-} ${JAVA_OPTS_APPEND:-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -Dfile.encoding=UTF-8 -Duser.language=en -Duser.country=US \
  --add-opens=java.base/java.util=ALL-UNNAMED \
  --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
  --add-opens=java.base/java.security=ALL-UNNAMED \
  -Dkc.home.dir=/opt/keycloak -Djboss.server.config.dir=/opt/keycloak/conf \
  -Djava.util.logging.manager=org.jboss.logmanager.LogManager \
  -Dpicocli.disable.closures=true \
  -Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory \
  -cp /opt/keycloak/lib/quarkus-run.jar io.quarkus.bootstrap.runner.QuarkusEntryPoint "$@"
