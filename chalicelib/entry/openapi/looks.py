"""How the page of the API looks, by day and by night."""

from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: flex; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem; flex: 0 0 13rem;
  display: flex; flex-direction: column; gap: .2rem; border-right: 1px solid var(--line); }
nav a { text-decoration: none; }
main { padding: 1.5rem 2rem 6rem; max-width: 62rem; min-width: 0; flex: 1; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; } h4 { margin: 1rem 0 .25rem; }
code { font: .875em ui-monospace, monospace; background: var(--soft); padding: .1em .3em;
  border-radius: .25em; }
pre { background: var(--soft); padding: .75rem; border-radius: .5rem; overflow: auto;
  font: .85em/1.4 ui-monospace, monospace; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 1rem; }
details[open] { padding-bottom: 1rem; }
summary { cursor: pointer; padding: .6rem 0; }
summary code { background: none; font-weight: 600; }
.method { display: inline-block; width: 4.5rem; font: 700 .8em ui-monospace, monospace; }
.get { color: #2f81f7; } .post { color: #2da44e; } .put, .patch { color: #bf8700; }
.delete { color: #cf222e; }
table { border-collapse: collapse; width: 100%; font-size: .94em; }
td { border-top: 1px solid var(--line); padding: .35rem .75rem .35rem 0; vertical-align: top; }
td p { margin: 0; } td ul { margin: .2rem 0; padding-left: 1.2rem; }
section:target, details:target { outline: 2px solid #2f81f7; outline-offset: .5rem; }
@media (max-width: 50rem) { body { display: block; } main { padding: 1rem; }
  nav { position: static; height: auto; flex-flow: row wrap; gap: .2rem .8rem; } }
"""
