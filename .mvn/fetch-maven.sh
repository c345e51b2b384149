# Sourced by mvnw after it has settled MAVEN_HOME, MAVEN_USER_HOME, distributionUrlNameMain and distributionSha256Sum.
# If that Maven is not there yet but another one is on the PATH, fetch it by its coordinates instead of by URL.

quadrille_fetch_maven() {
  quadrille_maven_version=${distributionUrlNameMain#apache-maven-}
  quadrille_tmp=$(mktemp -d) || return 1
  (
    cd "$quadrille_tmp" &&
      mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -DoutputDirectory="$quadrille_tmp" \
        -Dartifact="org.apache.maven:apache-maven:$quadrille_maven_version:zip:bin" >/dev/null 2>&1 &&
      echo "$distributionSha256Sum  $distributionUrlNameMain-bin.zip" | sha256sum -c - >/dev/null 2>&1 &&
      unzip -q "$distributionUrlNameMain-bin.zip" &&
      mkdir -p "${MAVEN_HOME%/*}" &&
      mv "$distributionUrlNameMain" "$MAVEN_HOME"
  )
  quadrille_status=$?
  rm -rf "$quadrille_tmp"
  return $quadrille_status
}

if [ ! -d "$MAVEN_HOME" ] && [ -z "${MVNW_REPOURL-}" ] && command -v mvn >/dev/null && command -v unzip >/dev/null; then
  quadrille_fetch_maven || :
fi
