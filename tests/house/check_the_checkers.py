#!/usr/bin/python3
"""The checks of this folder find what they look for: each gets a small tree with one thing wrong."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent


class CheckTheCheckers(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_check(self, script, *arguments):
        done = subprocess.run([sys.executable, "-B", HERE / script, *arguments, self.root], capture_output=True, text=True)
        return done.returncode, done.stdout

    def refused(self, script, text, *arguments):
        code, output = self.run_check(script, *arguments)
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)

    def accepted(self, script, *arguments):
        code, output = self.run_check(script, *arguments)
        self.assertEqual(code, 0, output)

    def test_an_empty_tree_is_no_success(self):
        for script in "layers.py", "words.py", "sizes.py":
            self.refused(script, "0 files")

    def test_lower_rooms_do_not_know_higher_ones(self):
        self.write("engine/engine.hpp", '#include "kernel/kernel.hpp"\n#include <vector>\n')
        self.accepted("layers.py")
        self.write("kernel/kernel.hpp", '#include "engine/engine.hpp"\n')
        self.refused("layers.py", "kernel/kernel.hpp:1: kernel/ must not know engine/")

    def test_rooms_on_one_level_do_not_know_each_other(self):
        self.write("reporter/reporter.cpp", '#include "interpreter/words.hpp"\n')
        self.refused("layers.py", "reporter/ must not know interpreter/")

    def test_plugins_see_the_interface_only(self):
        self.write("plugins/pid/pid.cpp", '#include "tactus.hpp"\n#include "plugins/pid/pid.hpp"\n#include <Eigen/Core>\n')
        self.accepted("layers.py")
        self.write("plugins/pid/pid.hpp", '#include "engine/engine.hpp"\n')
        self.refused("layers.py", "plugins/pid/pid.hpp:1: a plug-in sees only the plug-in interface")
        self.write("plugins/pid/pid.hpp", "#include <fmt/core.h>\n")
        self.refused("layers.py", "does not use <fmt/core.h>")

    def test_words(self):
        self.write("engine/engine.cpp", "// a std::mutex would block\nasm volatile(\"\");\n")
        self.accepted("words.py")
        self.write("engine/engine.cpp", "int a;\nvolatile int b;\n")
        self.refused("words.py", "engine/engine.cpp:2: volatile")
        self.write("engine/engine.cpp", "std::mutex m;\n")
        self.refused("words.py", "engine/engine.cpp:1: std::mutex")

    def test_long_files(self):
        self.write("engine/long.cpp", "//\n" * 450)
        self.accepted("sizes.py")
        self.write("engine/long.cpp", "//\n" * 451)
        self.refused("sizes.py", "engine/long.cpp: 451 lines")

    def test_packages(self):
        self.write("scripts/packages.txt", "build  cmake\nbuild  libfmt-dev\n")
        self.write("docs/dependencies.md", "| `cmake` | build | | why | where |\n| `libfmt-dev` | build | `fmt` | a | b |\n")
        self.write("CMakeLists.txt", "find_package(fmt REQUIRED)\n")
        self.accepted("documents.py", "packages")
        self.write("app/CMakeLists.txt", "find_package(CLI11 REQUIRED)\n")
        self.refused("documents.py", "app/CMakeLists.txt: looks for CLI11", "packages")
        self.write("CMakeLists.txt", "")
        self.refused("documents.py", "nothing looks for fmt", "packages")
        self.write("scripts/packages.txt", "build  cmake\nbuild  libhdf5-dev\n")
        self.refused("documents.py", "libhdf5-dev (build) is in scripts/packages.txt but not", "packages")
        self.refused("documents.py", "libfmt-dev (build) is in docs/dependencies.md but not", "packages")

    def test_examples_of_the_readme(self):
        self.write("examples/relay/relay.cpp", "int relay;\n")
        self.write("examples/tanks.yaml", "tactus: 1\n")
        self.write("README.md", "```cpp\nint relay;\n```\n```yaml\ntactus: 1\n```\n")
        self.accepted("documents.py", "examples")
        self.write("examples/tanks.yaml", "tactus: 1\nname: tanks\n")
        self.refused("documents.py", "another text than examples/tanks.yaml", "examples")

    def test_links(self):
        self.write("README.md", "[there](docs/a.md) [site](https://example.org)\n")
        self.refused("documents.py", "README.md: docs/a.md is not there", "links")
        self.write("docs/a.md", "")
        self.accepted("documents.py", "links")


if __name__ == "__main__":
    unittest.main()
