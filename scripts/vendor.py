#!/usr/bin/env python3
"""Copy the pinned browser files of package.json into static/vendor (committed).

scripts/vendor.py          write static/vendor, core/fonts and tests/browser/vendor anew
scripts/vendor.py --check  fail when what is committed differs from what the pins give

Needs Node for `npm ci` and, from requirements-dev, fonttools and brotli.
KERN is cut down to what ViPaD uses: see KERN_KEEP and KERN_ICONS.
"""

import argparse
import filecmp
import hashlib
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ("static/vendor", "core/fonts", "tests/browser/vendor")

# KERN components that templates use; everything else is left out of kern.css.
KERN_KEEP = [
    "accordion",
    "alert",
    "badge",
    "body",
    "btn",
    "card",
    "description",
    "divider",
    "error",
    "fieldset",
    "form",
    "heading",
    "hint",
    "icon",
    "input",
    "label",
    "link",
    "list",
    "number",
    "preline",
    "progress",
    "sr",
    "subline",
    "summary",
    "table",
    "task",
    "title",
]
KERN_ICONS = [
    "account-circle",
    "add",
    "arrow-back",
    "arrow-down",
    "arrow-forward",
    "arrow-up",
    "calendar-today",
    "check",
    "chevron-left",
    "chevron-right",
    "close",
    "danger",
    "default",
    "download",
    "edit",
    "help",
    "info",
    "large",
    "logout",
    "mail",
    "open-in-new",
    "search",
    "small",
    "success",
    "visibility",
    "visibility-off",
    "warning",
    "x-large",
]
# Tokens our own style sheets may use although no kept KERN rule does.
KERN_TOKENS = re.compile(
    r"--kern-(color-(layout|action-(default|on|visited|focus)|feedback|form|decorative|accent)"
    r"|metric-(space|border)|bw-schwarz-\d{3}$)"
)

FONT_COPYRIGHT = "Digitized data copyright © 2012-2015, The Mozilla Foundation and Telefonica S.A."
FONT_FEATURES = "kern,mark,mkmk,ccmp,locl,tnum"
# Letters of de en hu ro cs sk sl hr bs sr-Latn cnr, and typographic signs.
FONT_LATIN = (
    "U+0020-007E,U+00A0-00FF,U+0100-0107,U+010C-0111,U+0118-011B,U+0139-013A,U+013D-013E,"
    "U+0141-0144,U+0147-0148,U+0150-0151,U+0154-0155,U+0158-015B,U+015E-0165,U+016E-0171,"
    "U+0179-017E,U+0218-021B,U+0300-0302,U+0306,U+0308,U+030C,U+2009-200A,U+2010-2014,"
    "U+2018-201E,U+2020,U+2022,U+2026,U+202F,U+2030,U+2032-2033,U+2039-203A,U+20AC,U+2116,"
    "U+2122,U+2190-2193,U+2212,U+2248,U+2264-2265"
)
# Bulgarian, Serbian, Montenegrin, Ukrainian.
FONT_CYRILLIC = "U+0400-045F,U+0490-0491,U+04E2-04E3"
# PDFs carry names from anywhere, and only the used glyphs go into a file: all of Latin, Greek and Cyrillic.
FONT_PRINT = (
    "U+0020-007E,U+00A0-024F,U+0259,U+02BB-02BC,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,"
    "U+20A0-20BF,U+2100-214F,U+2190-21FF,U+2212,U+2248,U+2260,U+2264-2265"
)


# --- small pieces -------------------------------------------------------------------------


def oklch_to_hex(match):
    """Colours as #rrggbb: shorter, and known to browsers older than oklch()."""
    light, chroma, hue = match.groups()
    light = float(light.rstrip("%")) / (100 if light.endswith("%") else 1)
    chroma, hue = float(chroma), math.radians(0 if hue == "none" else float(hue))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    l3 = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m3 = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s3 = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
        -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
        -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3,
    )

    def channel(value):
        value = min(max(value, 0), 1)
        value = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        return round(value * 255)

    return "#{:02x}{:02x}{:02x}".format(*map(channel, linear))


def with_hex_colours(css):
    return re.sub(r"oklch\(\s*([\d.]+%?)\s+([\d.]+)\s+([\d.]+|none)\s*\)", oklch_to_hex, css)


def css_blocks(css):
    """Split a comment-free sheet into (prelude, body) pairs, minding quoted braces."""
    blocks, depth, start, quote, prelude = [], 0, 0, "", ""
    for at, char in enumerate(css):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "{":
            depth += 1
            if depth == 1:
                prelude, start = css[start:at].strip(), at + 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                blocks.append((prelude, css[start:at]))
                start = at + 1
    return blocks


def split_outside(text, separator):
    """Split at a separator that stands outside brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == separator and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    return [part for part in [*parts, text[start:].strip()] if part]


def declarations(body):
    return [re.sub(r"\s+", " ", d).replace(": ", ":", 1) for d in split_outside(body, ";")]


# --- KERN ---------------------------------------------------------------------------------


def keep_selector(selector):
    if re.search(r"data-kern-theme|kern-(light|dark|level|layer|layout)", selector):
        return False
    for name, modifier in re.findall(r"\.kern-([a-z]+)([\w-]*)", selector):
        if name not in KERN_KEEP:
            return False
        if name == "icon" and modifier.startswith("--") and modifier[2:] not in KERN_ICONS:
            return False
    return True


def kept_rules(css):
    """The rules of KERN that style something we use, as (media, selector, declarations)."""
    rules = []
    for prelude, body in css_blocks(css):
        if prelude.startswith("@media"):
            rules += [(prelude, sel, decl) for _, sel, decl in kept_rules(body)]
        elif prelude.startswith("@keyframes"):
            rules.append(("", prelude, [body]))
        elif not prelude.startswith("@"):
            if prelude.startswith(":is(body,"):
                prelude = "body"
            selectors = [s for s in split_outside(prelude, ",") if keep_selector(s)]
            if selectors:
                rules.append(("", ",".join(re.sub(r"\s+", " ", s) for s in selectors), declarations(body)))
    return rules


def theme_tokens(css):
    """Baden-Württemberg's theme as {"light"|"dark": {token: colour}} plus its greys and yellows.

    The file in the package was written for an older KERN: it takes colours apart into lightness,
    chroma and hue, and its "black" and "white" are the wrong way round.
    """
    parts, schemes = {}, {"light": {}, "dark": {}}
    for prelude, body in css_blocks(css):
        scheme = re.search(r"prefers-color-scheme: (light|dark)", prelude)
        if scheme:
            body = css_blocks(body)[0][1]
        for name, _, value in (d.partition(":") for d in declarations(body)):
            if scheme and "brandbar" not in name and "shadow" not in name:
                schemes[scheme[1]][name] = value.strip()
            elif prelude == ":root":
                parts[name] = value.strip()
    colours = {}
    for name in [n for n in parts if n.endswith("-lightness")]:
        stem = name.removesuffix("-lightness")
        triple = (parts[name], parts[stem + "-chroma"], parts[stem + "-hue"])
        colours[stem] = with_hex_colours("oklch({} {} {})".format(*triple))

    def resolved(value):
        stem = re.search(r"var\((--kern-[\w-]+)-lightness\)", value)[1]
        if stem in colours:
            return f"var({stem})"
        swapped = {"--kern-black": "#fff", "--kern-white": "#000"}
        name = stem.replace("--kern-", "--kern-color-").replace("turquoise", "turquois")
        return swapped.get(stem) or f"var({name})"

    themed = {s: {n: resolved(v) for n, v in tokens.items()} for s, tokens in schemes.items()}
    return colours, themed


def without_unused_tokens(rules):
    """Drop custom properties that neither a rule nor KERN_TOKENS reaches."""
    wanted, known = set(), {}
    for _, _, decls in rules:
        for declaration in decls:
            name, _, value = declaration.partition(":")
            used = re.findall(r"var\(\s*(--[\w-]+)", value)
            if name.startswith("--"):
                known.setdefault(name, set()).update(used)
                if KERN_TOKENS.match(name):
                    wanted.add(name)
            else:
                wanted.update(used)
    reached = set()
    while wanted:
        name = wanted.pop()
        reached.add(name)
        wanted |= known.get(name, set()) - reached

    def keep(declaration):
        return not declaration.startswith("--") or declaration.partition(":")[0] in reached

    return [(m, s, [d for d in decls if keep(d)]) for m, s, decls in rules]


def kern_css(package):
    def plain(path):
        return re.sub(r"/\*.*?\*/|@charset[^;]*;", "", path.read_text("utf-8"), flags=re.S)

    colours, themed = theme_tokens(plain(package / "src/scss/themes/examples/bw.css"))
    rules = kept_rules(with_hex_colours(plain(package / "dist/kern.css")))
    known = {d.partition(":")[0] for _, _, decls in rules for d in decls if d.startswith("--")}

    def without_fallback(match):
        return f"var({match[1]})" if match[1] in known else match[0]

    final = [("", ":root", [f"{name}:{value}" for name, value in colours.items()])]
    for media, selector, decls in rules:
        scheme = re.search(r"prefers-color-scheme: (light|dark)", media)
        if scheme:
            bw = themed[scheme[1]]
            decls = [d for d in decls if d.partition(":")[0] not in bw]
            decls = [re.sub(r"--kern-color-neutral-", "--kern-bw-schwarz-", d) for d in decls]
            decls += [f"{name}:{value}" for name, value in bw.items()]
            media = "" if scheme[1] == "light" else media  # light is also the fallback
        # Fallback values repeat the theme-less colours: drop them where the token is there.
        decls = [re.sub(r"var\((--[\w-]+), [^()]+\)", without_fallback, d) for d in decls]
        final.append((media, selector, decls))
    final = without_unused_tokens(final)
    dark = [r for r in final if "dark" in r[0]]  # after light, which lost its media query
    final = [r for r in final if "dark" not in r[0]]
    after = max(i for i, r in enumerate(final) if r[1] == ":root" and not r[0]) + 1
    final[after:after] = dark
    lines, open_media = [], ""
    for media, selector, decls in final:
        if not decls:
            continue
        if media != open_media:
            lines += ["}"] * bool(open_media) + [media + "{"] * bool(media)
            open_media = media
        lines.append(f"{selector}{{{';'.join(decls)}}}")
    lines += ["}"] * bool(open_media)
    version = json.loads((package / "package.json").read_text())["version"]
    notice = (
        f"/*! KERN UX-Standard (@kern-ux/native {version}), https://www.kern-ux.de, Licence EUPL-1.2.\n"
        "   Authors: KERN team, Tom Marienfeld, Darko Pervan, and contributors.\n"
        "   Changed for ViPaD by scripts/vendor.py: unused components left out, theme of\n"
        "   Baden-Württemberg (src/scss/themes/examples/bw.css) worked in, colours as hex. */\n"
    )
    return notice + "\n".join(lines) + "\n"


# --- fonts --------------------------------------------------------------------------------


def write_font(source, target, unicodes, flavor="woff2"):
    """Cut down to these letters: for browsers as woff2; `flavor=None` gives a plain TTF, which typst reads."""
    options = subset.Options()
    options.flavor = flavor
    options.hinting = False
    options.layout_features = FONT_FEATURES.split(",")
    options.name_IDs = [0, 1, 2, 13, 14] if flavor else [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(unicodes.replace("U+", "")))
    cutter.subset(font)
    font.flavor = flavor
    font.save(target)


def letters_of(font_files):
    """The letters all of these fonts can draw, as ranges of hexadecimal numbers: one range a line."""
    known = set.intersection(*(set(TTFont(file).getBestCmap()) for file in font_files))
    starts = sorted(letter for letter in known if letter - 1 not in known)
    ends = sorted(letter for letter in known if letter + 1 not in known)
    return "\n".join(f"{first:04X}-{last:04X}" for first, last in zip(starts, ends, strict=True)) + "\n"


def fonts_css():
    rules = ["/* Fira Sans, SIL Open Font License 1.1: see OFL.txt. Written by scripts/vendor.py. */"]
    for weight, number in (("regular", 400), ("semibold", 600)):
        for script, unicodes in (("latin", FONT_LATIN), ("cyrillic", FONT_CYRILLIC)):
            rules.append(
                f'@font-face{{font-family:"Fira Sans";font-style:normal;font-weight:{number};'
                f'font-display:swap;src:url("fira-sans-{weight}-{script}.woff2") format("woff2");'
                f"unicode-range:{unicodes}}}"
            )
    return "\n".join(rules) + "\n"


# --- all of it ----------------------------------------------------------------------------


def build(modules, out):
    """Write every vendored file below `out`; returns {relative path: npm package}."""
    files = {}

    def place(path, package, source=None, text=None):
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            target.write_text(text, "utf-8")
        elif source:
            shutil.copyfile(modules / package / source, target)
        files[path] = package
        return target

    vendor = "static/vendor/"
    place(vendor + "htmx/htmx.min.js", "htmx.org", "dist/htmx.min.js")
    place(vendor + "htmx/LICENSE", "htmx.org", "LICENSE")
    place(vendor + "kern/kern.css", "@kern-ux/native", text=kern_css(modules / "@kern-ux/native"))
    place(vendor + "kern/LICENSE.md", "@kern-ux/native", "LICENSE.md")
    pieces = ("version", "keycode", "unique-id", "widget", "widgets/tabs")
    tabs = [(modules / f"jquery-ui/ui/{p}.js").read_text("utf-8") for p in pieces]
    tabs = [re.sub(r"/\*(?!!).*?\*/|^//>>.*?$", "", piece, flags=re.S | re.M) for piece in tabs]
    place(vendor + "jquery-ui/jquery-ui.min.js", "jquery-ui", text="\n".join(tabs))
    place(vendor + "jquery-ui/LICENSE.txt", "jquery-ui", "LICENSE.txt")
    for weight in ("Regular", "SemiBold"):
        source = modules / f"@kern-ux/native/dist/fonts/fira-sans/FiraSans-{weight}.woff2"
        for script, unicodes in (("latin", FONT_LATIN), ("cyrillic", FONT_CYRILLIC)):
            name = f"fira-sans/fira-sans-{weight.lower()}-{script}.woff2"
            write_font(source, place(vendor + name, "@kern-ux/native"), unicodes)
    place(vendor + "fira-sans/fira-sans.css", "@kern-ux/native", text=fonts_css())
    licence = (modules / "@fontsource/fira-sans/LICENSE").read_text("utf-8").partition("\n")[2]
    place(vendor + "fira-sans/OFL.txt", "@fontsource/fira-sans", text=f"{FONT_COPYRIGHT}\n{licence}")
    place_print_fonts(modules, place, licence)
    place("tests/browser/vendor/axe.min.js", "axe-core", "axe.min.js")
    return files


def place_print_fonts(modules, place, licence):
    """For core/pdf.py: both weights with all scripts in one TTF each, made of the whole woff2 files of KERN."""
    made = []
    for weight in ("Regular", "SemiBold"):
        source = modules / f"@kern-ux/native/dist/fonts/fira-sans/FiraSans-{weight}.woff2"
        made.append(place(f"core/fonts/fira-sans-{weight.lower()}.ttf", "@kern-ux/native"))
        write_font(source, made[-1], FONT_PRINT, flavor=None)
    place("core/fonts/fira-sans-letters.txt", "@kern-ux/native", text=letters_of(made))
    place("core/fonts/OFL.txt", "@fontsource/fira-sans", text=f"{FONT_COPYRIGHT}\n{licence}")


def manifest(modules, out, files):
    lines = ["# sha256  file  npm package  version  licence (written by scripts/vendor.py)"]
    for path, package in sorted(files.items()):
        about = json.loads((modules / package / "package.json").read_text("utf-8"))
        licence = "OFL-1.1" if "fira-sans" in path else about["license"]
        digest = hashlib.sha256((out / path).read_bytes()).hexdigest()
        lines.append(f"{digest}  {path}  {package}  {about['version']}  {licence}")
    return "\n".join(lines) + "\n"


def check_manifest():
    """Where there is no npm: whether the committed files are those the manifest names."""
    lines = (ROOT / "static/vendor/MANIFEST.txt").read_text("utf-8").splitlines()[1:]
    entries = [line.split("  ")[:2] for line in lines]
    wrong = [
        path for digest, path in entries if hashlib.sha256((ROOT / path).read_bytes()).hexdigest() != digest
    ]
    print(
        "\n".join(f"differs: {path}" for path in wrong)
        or f"{len(entries)} files as listed (no npm: pins not asked)"
    )
    return bool(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check
    if check and not shutil.which("npm"):
        return check_manifest()
    with tempfile.TemporaryDirectory() as folder:
        work, out = Path(folder), Path(folder) / "out"
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, work / name)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(npm, cwd=work, check=True, stdout=subprocess.DEVNULL)
        files = build(work / "node_modules", out)
        listing = manifest(work / "node_modules", out, files)
        (out / "static/vendor/MANIFEST.txt").write_text(listing, "utf-8")
        made = sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file())
        if not check:
            for target in TARGETS:
                shutil.rmtree(ROOT / target, ignore_errors=True)
                shutil.copytree(out / target, ROOT / target)
            print(f"{len(made)} files written")
            return 0
        present = {p.relative_to(ROOT) for t in TARGETS for p in (ROOT / t).rglob("*") if p.is_file()}
        wrong = [p for p in made if p not in present or not filecmp.cmp(out / p, ROOT / p, shallow=False)]
        wrong += sorted(present - set(made))
        print("\n".join(f"differs: {p}" for p in wrong) or f"{len(made)} files as pinned")
        return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
