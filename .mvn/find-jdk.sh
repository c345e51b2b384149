# Sourced by mvnw and quadrille (POSIX sh): exports JAVA_HOME of a JDK 25 or newer, or says what to install and exits.
# Order: JAVA_HOME, the java on the PATH, then the usual install folders, newest last.

quadrille_jdk_release=25

quadrille_jdk_version() { # prints the feature release of the JDK in folder $1, or 0
  if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | head -n 1
  else
    echo 0
  fi
}

quadrille_find_jdk() {
  quadrille_path_java=$(command -v java 2>/dev/null || :)
  if [ -n "$quadrille_path_java" ]; then
    quadrille_path_home=$(dirname "$(dirname "$(readlink -f "$quadrille_path_java" 2>/dev/null || echo "$quadrille_path_java")")")
  else
    quadrille_path_home=
  fi
  quadrille_old_ifs=$IFS
  IFS='
'
  set +f
  for quadrille_home in "${JAVA_HOME-}" "$quadrille_path_home" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$quadrille_home" ] || continue
    quadrille_version=$(quadrille_jdk_version "$quadrille_home")
    if [ "${quadrille_version:-0}" -ge "$quadrille_jdk_release" ]; then
      IFS=$quadrille_old_ifs
      JAVA_HOME=$quadrille_home
      export JAVA_HOME
      return 0
    fi
  done
  IFS=$quadrille_old_ifs
  return 1
}

if ! quadrille_find_jdk; then
  cat >&2 <<END
Quadrille needs a JDK $quadrille_jdk_release or newer and found none.
Looked at: JAVA_HOME (${JAVA_HOME:-not set}), the java on the PATH (${quadrille_path_java:-none}), /usr/lib/jvm, /usr/java,
/opt/java, /opt/jdk*, ~/.sdkman/candidates/java, ~/.jdks, /Library/Java/JavaVirtualMachines.
Install one (for example Eclipse Temurin $quadrille_jdk_release: https://adoptium.net) or set JAVA_HOME to it, then run the same command again.
END
  exit 1
fi
