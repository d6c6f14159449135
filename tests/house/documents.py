#!/usr/bin/python3
"""What the documents say is what is there: the packages, the examples that README.md shows, the links.

Usage: documents.py packages|examples|links ROOT
"""
import re
import sys
from pathlib import Path

LOOKS_FOR = re.compile(r"^\s*(find_package|find_program|find_library|find_path|pkg_check_modules)\(([^)]*)\)", re.M)
OPTIONS = {"REQUIRED", "IMPORTED_TARGET", "QUIET", "NAMES"}
OWN = {"tactus"}


def packages_listed(root):
    """(group, package) as scripts/install-dependencies reads them."""
    lines = (root / "scripts/packages.txt").read_text().splitlines()
    return {tuple(line.split()) for line in lines if line.strip() and not line.startswith("#")}


def packages_documented(root):
    """(group, package) -> how CMake finds it, from the table's rows `| package | group | found as | ... |`."""
    table = {}
    for line in (root / "docs/dependencies.md").read_text().splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 5:
            table[(cells[1], cells[0])] = set(re.findall(r"[\w.+/-]+", cells[2]))
    return table


def names_in_cmake(root):
    """What the build looks for, with the file that asks for it."""
    names = {}
    for path in [*root.glob("CMakeLists.txt"), *root.glob("*/**/CMakeLists.txt"), *root.glob("*/**/*.cmake")]:
        if path.relative_to(root).parts[0] in ("build", "out"):
            continue
        for command, arguments in LOOKS_FOR.findall(path.read_text()):
            words = [word for word in arguments.split() if word not in OPTIONS]
            # All but find_package name a variable first.
            names[words[0 if command == "find_package" else 1]] = path.relative_to(root)
    return names


def check_packages(root):
    listed, documented = packages_listed(root), packages_documented(root)
    complaints = [f"{package} ({group}) is in scripts/packages.txt but not in docs/dependencies.md"
                  for group, package in sorted(listed - documented.keys())]
    complaints += [f"{package} ({group}) is in docs/dependencies.md but not in scripts/packages.txt"
                   for group, package in sorted(documented.keys() - listed)]
    known = set().union(*documented.values())
    used = names_in_cmake(root)
    complaints += [f"{path}: looks for {name}, which no row of docs/dependencies.md mentions"
                   for name, path in sorted(used.items()) if name not in known | OWN]
    complaints += [f"docs/dependencies.md: nothing looks for {name}" for name in sorted(known - used.keys())]
    return complaints


def check_examples(root):
    """README.md shows what it says it shows, and the plug-in is as short as it claims."""
    readme = (root / "README.md").read_text()
    complaints = [f"README.md shows another text than {name}"
                  for name in ("examples/relay/relay.cpp", "examples/tanks.yaml")
                  if f"\n{(root / name).read_text()}```" not in readme]
    if len((root / "examples/relay/relay.cpp").read_text().splitlines()) > 15:
        complaints.append("examples/relay/relay.cpp has more than 15 lines")
    return complaints


def check_links(root):
    """Every relative link and image of the documents leads to a file."""
    complaints = []
    for path in [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("examples/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text()):
            if "://" not in target and not (path.parent / target).exists():
                complaints.append(f"{path.relative_to(root)}: {target} is not there")
    return complaints


CHECKS = {"packages": check_packages, "examples": check_examples, "links": check_links}

if __name__ == "__main__":
    found = CHECKS[sys.argv[1]](Path(sys.argv[2]))
    print("\n".join(found) or "agrees")
    sys.exit(1 if found else 0)
