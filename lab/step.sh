# Sourced by setup.sh. Requires `log`, the file that receives all output of the commands, and `fail`, which ends the script.

# Runs a command with its output in the log. A command that takes a second or more is shown with the time that it takes.
step() {
  local what=$1 progress progress_fd status=0
  shift
  echo "### $what: $*" >>"$log"
  exec {progress_fd}> >(watch_step "$what")
  progress=$!
  # The status comes from the process itself. Read through a pipe with a timeout, it is lost when the command ends at the
  # instant of the timeout.
  "$@" >>"$log" 2>&1 </dev/null {progress_fd}>&- || status=$?
  exec {progress_fd}>&-
  wait "$progress" || true
  if [[ $status != 0 ]]; then
    tail -n 20 "$log" >&2
    fail "$what failed with exit code $status; all of its output is in $log"
  fi
}

# Shows each second that a step is still running, until standard input ends.
watch_step() {
  local what=$1 began=$SECONDS shown=0
  # read returns more than 128 at its timeout, and 1 at the end of the input.
  until read -r -t 1 || (($? <= 128)); do
    show_progress "$what" $((SECONDS - began)) "$shown"
    shown=1
  done
  if [[ $shown == 1 ]]; then finish_progress "$what" $((SECONDS - began)); fi
}

# On a terminal, one line that counts the seconds. In a log, one line at the start and one each half minute.
show_progress() {
  local what=$1 seconds=$2 shown=$3
  if [[ -t 1 ]]; then
    printf '\r==> %s (%d s)' "$what" "$seconds"
  elif [[ $shown == 0 ]]; then
    echo "==> $what"
  elif ((seconds % 30 == 0)); then
    echo "    $what: $seconds s so far"
  fi
}

finish_progress() {
  if [[ -t 1 ]]; then printf '\r==> %s (%d s)\n' "$1" "$2"; else echo "    done ($2 s)"; fi
}
