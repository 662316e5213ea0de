// The scripts that shells load. Each hands the line up to the cursor to `lab completion words` and offers the words that it prints; where it
// prints none the shell offers files. The project's own installation of lab is asked, where there is one.

export type Shell = "bash" | "zsh" | "fish";

const bash = `# lab completion for bash: source <(lab completion bash)
_lab_program() {
  local folder=$PWD
  while [ -n "$folder" ]; do
    if [ -x "$folder/node_modules/.bin/lab" ]; then printf '%s' "$folder/node_modules/.bin/lab"; return; fi
    folder=\${folder%/*}
  done
  type -P lab
}
_lab() {
  local line=\${COMP_LINE:0:COMP_POINT} word program kept
  local -a found=()
  COMPREPLY=()
  program=$(_lab_program)
  [ -n "$program" ] || return
  while IFS= read -r word; do found+=("$word"); done < <("$program" completion words -- "$line" 2>/dev/null)
  # Bash replaces what follows the last break of a word; = and : are breaks.
  kept=\${line##*[[:space:]]}
  for word in "\${found[@]}"; do
    case $kept in
      *[=:]*) [ "\${COMP_WORDBREAKS#*=}" != "$COMP_WORDBREAKS" ] && word=\${word#"\${kept%[=:]*}"?} ;;
    esac
    COMPREPLY+=("$word")
  done
  case \${COMPREPLY[0]-} in *=) compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _lab lab labwright
`;

const zsh = `#compdef lab labwright
# lab completion for zsh: source <(lab completion zsh)
_lab() {
  local folder=$PWD program=
  while [[ -n $folder ]]; do
    if [[ -x $folder/node_modules/.bin/lab ]]; then program=$folder/node_modules/.bin/lab; break; fi
    folder=\${folder%/*}
  done
  [[ -n $program ]] || program=\${commands[lab]}
  [[ -n $program ]] || return 1
  local -a found open
  found=("\${(@f)$("$program" completion words -- "\${BUFFER[1,CURSOR]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} == 0 )); then _files; return; fi
  open=(\${(M)found:#*=})
  found=(\${found:#*=})
  (( \${#open} )) && compadd -S '' -- $open
  (( \${#found} )) && compadd -- $found
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _lab lab labwright
`;

const fish = `# lab completion for fish: lab completion fish | source
function __lab_words
    set -l folder $PWD
    set -l program (command -s lab)
    while test -n "$folder"
        if test -x "$folder/node_modules/.bin/lab"
            set program "$folder/node_modules/.bin/lab"
            break
        end
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    test -n "$program"; and $program completion words -- (commandline -cp) 2>/dev/null
end
complete -c lab -a '(__lab_words)'
complete -c labwright -a '(__lab_words)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
