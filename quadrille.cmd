@echo off
rem The quadrille command on Windows: builds once, then runs. Delete cli\target to build again after a change.
setlocal
set "QUADRILLE_HOME=%~dp0."
set "QUADRILLE_JAVA=java"
if defined JAVA_HOME set "QUADRILLE_JAVA=%JAVA_HOME%\bin\java"
"%QUADRILLE_JAVA%" --version 2>nul | findstr /r /c:" 2[5-9]" /c:" [3-9][0-9]\." >nul
if errorlevel 1 (
  echo Quadrille needs a JDK 25 or newer. Install one, for example Eclipse Temurin 25 from https://adoptium.net, and set JAVA_HOME to it. 1>&2
  exit /b 1
)
if not exist "%QUADRILLE_HOME%\cli\target\quadrille.stamp" (
  echo building Quadrille, the first time this downloads dependencies and takes about a minute ... 1>&2
  call "%QUADRILLE_HOME%\mvnw.cmd" -q -B -f "%QUADRILLE_HOME%\pom.xml" -pl cli -am -DskipTests -Dspotless.check.skip=true package 1>&2
  if errorlevel 1 exit /b 1
  type nul > "%QUADRILLE_HOME%\cli\target\quadrille.stamp"
)
"%QUADRILLE_JAVA%" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseParallelGC -XX:MaxRAMPercentage=70 -XX:MaxNewSize=512m %QUADRILLE_JAVA_OPTIONS% "-Dquadrille.home=%QUADRILLE_HOME%" -cp "%QUADRILLE_HOME%\cli\target\classes;%QUADRILLE_HOME%\cli\target\lib\*" org.quadrille.cli.Main %*
exit /b %ERRORLEVEL%
