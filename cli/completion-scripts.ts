/** The shells that have a script. Each asks the hidden verb `complete` which words may come next. */
export const completionScripts = {
  bash: `_promoter() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(promoter complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _promoter promoter
`,
  zsh: `#compdef promoter
_promoter() {
  local -a found
  found=("\${(@f)$(promoter complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- "\${found[@]}"
}
compdef _promoter promoter
`,
  fish: `function __promoter_words
  set -l words (commandline -opc) (commandline -ct)
  promoter complete -- $words[2..-1] 2>/dev/null
end
complete -c promoter -f -a '(__promoter_words)'
`,
} as const;

export type Shell = keyof typeof completionScripts;
export const shells = ["bash", "zsh", "fish"] as const satisfies readonly Shell[];
