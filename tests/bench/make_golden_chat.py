#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/chat/golden.json: what Jinja2 makes of chat templates, set up as transformers sets it up. With
"IN OUT" it renders the [{"template", "variables"}, ...] of IN instead (the test's random templates)."""
import json
import pathlib
import sys
import warnings

from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

FOLDER = pathlib.Path(__file__).parent.parent / "data" / "chat"
TOOLS = [{"type": "function", "function": {
    "name": "bash", "description": "Runs a line; \"quotes\" & <tags> stay.",
    "parameters": {"type": "object", "properties": {"command": {"type": "string"}, "n": {"type": "integer", "default": -3}},
                   "required": ["command"]}}},
    {"type": "function", "function": {"name": "read_file", "description": "Reads.", "parameters": {"type": "object", "properties": {}}}}]


def call(name, arguments, number):
    return {"id": f"call{number:05d}", "type": "function", "function": {"name": name, "arguments": arguments}}


CONVERSATIONS = {
    "plain": [{"role": "user", "content": "Hello \u00e9\u4e2d\U0001F600"}],
    "system": [{"role": "system", "content": " Be brief. "}, {"role": "user", "content": "a < b & \"c\"\n"},
               {"role": "assistant", "content": "<think>\nhm\n</think>\n\nYes."}, {"role": "user", "content": "And?"}],
    "one call": [{"role": "system", "content": "S"}, {"role": "user", "content": "List."},
                 {"role": "assistant", "content": "I look.",
                  "tool_calls": [call("bash", {"command": "ls -l 'a b' | wc\n", "n": 2.0}, 1)]},
                 {"role": "tool", "name": "bash", "tool_call_id": "call00001", "content": "a.txt\n</tool_response>"},
                 {"role": "assistant", "content": "One file."}],
    "two calls": [{"role": "user", "content": "Read both."},
                  {"role": "assistant", "content": "",
                   "tool_calls": [call("read_file", {"path": "a"}, 1), call("read_file", {"path": "b\\\u2028"}, 2)]},
                  {"role": "tool", "name": "read_file", "tool_call_id": "call00001", "content": "A"},
                  {"role": "tool", "name": "read_file", "tool_call_id": "call00002", "content": "B"}],
    "two users": [{"role": "user", "content": "1"}, {"role": "user", "content": "2"}],
}

SNIPPETS = [
    "{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 2.5 * 2 }} {{ 1e3 if false }}x",
    "{{ 'a' ~ 1 ~ none ~ true ~ 1.0 ~ [1, 'x', (2,)] ~ {'k': \"it's\"} }}",
    "{{ [1, 2, 3][-1] }}{{ 'h\u00e9llo'[1:3] }}{{ 'hello'[::-1] }}{{ [1, 2, 3, 4][1::2] }}{{ 'abc'[5:] }}|{{ [1][7] }}|",
    "{% for x in [3, 1, 2] %}{{ loop.index }}/{{ loop.length }}:{{ x }}{{ ',' if not loop.last }}{% else %}none{% endfor %}",
    "{% for x in [] %}{{ x }}{% else %}none{% endfor %}{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for x in range(10) if x is odd %}{% if x == 7 %}{% break %}{% endif %}{% if x == 3 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + 10 %}{{ x }}{% endfor %}{{ x }}",
    "{% set ns = namespace(a=1) %}{% for i in range(3) %}{% set ns.a = ns.a * 2 %}{% endfor %}{{ ns.a }}",
    "{% macro m(a, b='d') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a='x') }}{{ m() }}",
    "{% set b %}text {{ 1 }}{% endset %}{{ b | upper }}{% set a, c = [1, 2] %}{{ a }}{{ c }}",
    "{{ x is defined }}{{ none is none }}{{ 'a' is string }}{{ {} is mapping }}{{ [] is iterable }}{{ 1 is number }}{{ true is boolean }}{{ not x }}",
    "{{ '  a b ' | trim }}|{{ 'x,y,,z'.split(',') }}|{{ ' a  b '.split() }}|{{ 'a-b-c'.split('-', 1) }}|{{ 'a-b-c'.rsplit('-', 1) }}",
    "{{ 'Hello World'.lower() }}{{ 'hello wORLD' | title }}{{ 'hello wORLD' | capitalize }}{{ 'x'.upper() }}{{ 'aXbX'.replace('X', '-') }}{{ 'abc'.find('c') }}",
    "{{ ['a', 'b'] | join(', ') }}{{ [{'n': 1}, {'n': 2}] | map(attribute='n') | join('+') }}{{ ['a', 'B'] | map('upper') | list }}",
    "{{ [{'r': 'u', 'v': 1}, {'r': 's', 'v': 0}] | selectattr('r', 'equalto', 'u') | list | length }}{{ [0, 1, 2] | select | list }}{{ [0, 1, 2] | reject('odd') | list }}",
    "{{ {'b': 1, 'a': [1, {'c': none}], 'e': []} | tojson }}{{ {'b': [1, 2], 'c': {}} | tojson(indent=2) }}{{ \"q'<>&\" | tojson }}",
    "{{ 1.5 | int }}{{ '7' | int }}{{ 'x' | int }}{{ 3 | float }}{{ -3 | abs }}{{ x | default('d') }}{{ '' | default('d', true) }}{{ '' | d('e') }}",
    "{{ 'a' in 'abc' }}{{ 1 in [1] }}{{ 'k' in {'k': 1} }}{{ 'z' not in 'abc' }}{{ 1 == 1.0 }}{{ 'a' < 'b' }}{{ [1, 2] == [1, 2] }}",
    "  {% if true %}\n  kept\n  {% endif %}\n{{ 1 }}\n\n  {%- if true -%}  x  {%- endif +%}\nend\n",
    "{# comment #}\na {# b #} c\n  {# alone #}\nd {%+ if true %} e {% endif %}",
    "{{ 'tab\\tq\\'\\x41\\u00e9' }}{{ \"a\" \"b\" }}",
    "{% if a %}1{% elif not a and 1 %}2{% else %}3{% endif %}{{ 'y' if x is defined and x else 'n' }}",
    "{{ 'line\nnext\n\nlast' | indent(2) }}|{{ 'a\nb' | indent(3, true) }}",
    "{{ [3, 1] + [2] }}{{ 'ab' * 3 }}{{ [1, 2, 2, 1] | unique | list }}{{ [1, 2] | reverse | list }}{{ 'ab' | first }}{{ [1, 2] | last }}",
    "{{ {'b': 1, 'A': 2} | dictsort }}{{ {'b': 1} | items | list }}{{ dict(a=1).a }}{{ {'a': 1}.get('b', 5) }}",
    "{{ 0.1 + 0.2 }} {{ 1e0 }}" .replace(" {{ 1e0 }}", "") + "{{ 100000000000000000.0 }} {{ 0.00001 }} {{ 12345.678 }}",
    "{% generation %}g{% endgeneration %}" if False else "{{ true and 'a' or 'b' }}{{ none or 0 }}",
    "{{ undefined_name.attribute }}", "{{ 'a' + 1 }}", "{{ raise_exception('no') }}", "{% for x in 5 %}{% endfor %}",
    "{{ 'abc'.startswith(('x', 'a')) }}{{ 'abc'.endswith('bc') }}{{ 'xabcx'.strip('x') }}{{ 'aab'.lstrip('a') }}{{ 'a\\n'.rstrip('\\n') }}|",
    "{%- for m in [{'r': 1}, {'r': 2}] -%}{{ loop.previtem.r if loop.previtem is defined else '-' }}{{ loop.nextitem.r if loop.nextitem is defined else '-' }}{%- endfor -%}",
]


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    env.filters["tojson"] = lambda x, ensure_ascii=False, indent=None: json.dumps(x, ensure_ascii=ensure_ascii, indent=indent)

    def raise_exception(message):
        raise ValueError(message)
    env.globals["raise_exception"] = raise_exception
    return env


ENVIRONMENT = environment()


def rendered(row):
    try:
        return ENVIRONMENT.from_string(row["template"]).render(**row["variables"])
    except Exception:  # whatever it was: here it must be an error as well
        return None


def rows():
    for path in sorted(FOLDER.glob("*.jinja")):
        for name, messages in CONVERSATIONS.items():
            for tools in (None, TOOLS):
                for prompt in (False, True):
                    yield {"name": f"{path.stem}: {name}, tools {tools is not None}, prompt {prompt}",
                           "template": path.read_text(), "file": path.name,
                           "variables": {"messages": messages, "tools": tools, "add_generation_prompt": prompt,
                                         "bos_token": "<s>", "eos_token": "</s>"}}
    for number, template in enumerate(SNIPPETS):
        yield {"name": f"snippet {number}", "template": template, "variables": {}}


def main():
    warnings.simplefilter("ignore")  # of random templates that make no sense
    if len(sys.argv) == 3:
        answers = [rendered(row) for row in json.loads(pathlib.Path(sys.argv[1]).read_text())]
        pathlib.Path(sys.argv[2]).write_text(json.dumps(answers))
        return
    golden = []
    for row in rows():
        expected = rendered(row)
        if "file" in row:
            del row["template"]
        golden.append({**row, "expected": expected})
    (FOLDER / "golden.json").write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    main()
