#include "interpreter/yaml_reader.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace tactus {
namespace {

Node read(const std::string& text) {
  Findings findings;
  std::optional<Node> node = read_yaml(text, "x.yaml", findings);
  EXPECT_EQ(findings.to_text(), "");
  return node.value_or(Node());
}

std::string finding(const std::string& text, const YamlLimits& limits = {}) {
  Findings findings;
  read_yaml(text, "x.yaml", findings, limits);
  return findings.to_text();
}

TEST(YamlReader, FollowsTheCoreSchemaOnly) {
  const Node node = read(
      "{a: on, b: off, c: 22:30, d: yes, e: 1e-3, f: 0x1F, g: 0o17, h: 017, i: .inf, j: -.INF, k: .nan,"
      " l: true, m: FALSE, n: '3', o: !!str 3, p: 1_000, q: +12, r: ~, s: 2020-01-01, t: .5, u: 3.}");
  for (const char* text : {"a", "b", "c", "d", "n", "o", "p", "s"}) {
    EXPECT_FALSE(node.find(text)->number()) << text;
    EXPECT_FALSE(node.find(text)->boolean()) << text;
  }
  EXPECT_EQ(node.find("a")->text(), "on");
  EXPECT_EQ(node.find("c")->text(), "22:30");
  EXPECT_EQ(node.find("e")->number(), 1e-3);
  EXPECT_EQ(node.find("f")->integer(), 31);
  EXPECT_EQ(node.find("g")->integer(), 15);
  EXPECT_EQ(node.find("h")->integer(), 17);
  EXPECT_EQ(node.find("i")->number(), HUGE_VAL);
  EXPECT_EQ(node.find("j")->number(), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(*node.find("k")->number()));
  EXPECT_EQ(node.find("l")->boolean(), true);
  EXPECT_EQ(node.find("m")->boolean(), false);
  EXPECT_EQ(node.find("q")->integer(), 12);
  EXPECT_TRUE(node.find("r")->is_null());
  EXPECT_EQ(node.find("t")->number(), 0.5);
  EXPECT_EQ(node.find("u")->number(), 3.0);
}

TEST(YamlReader, KnowsWhereEverythingStands) {
  const Node node = read("a:\n  b: [1,\n    x]\n");
  const Node* const b = node.find("a")->find("b");
  EXPECT_EQ(node.find("a")->entries()[0].position, (Position{"x.yaml", 2, 3}));
  EXPECT_EQ(b->position(), (Position{"x.yaml", 2, 6}));
  EXPECT_EQ(b->items()[1].position(), (Position{"x.yaml", 3, 5}));
}

TEST(YamlReader, SharesWhatAnAliasNames) {
  const Node node = read("a: &x {b: 1}\nc: *x\n");
  EXPECT_EQ(node.find("c")->find("b")->integer(), 1);
  EXPECT_EQ(node.find("c")->find("b")->position(), (Position{"x.yaml", 1, 11}));
}

TEST(YamlReader, StopsABombOfAliases) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int k = 0; k < 9; ++k) bomb += ", " + last;
    bomb += "]\n";
  }
  EXPECT_EQ(finding(bomb), "x.yaml:6:45: error: more than 1000000 values once the aliases are written out\n");
}

TEST(YamlReader, RefusesAnAliasOfItself) {
  EXPECT_EQ(finding("a: &x [*x]\n"), "x.yaml:1:8: error: this alias stands within the value that it names\n");
}

TEST(YamlReader, HasLimits) {
  EXPECT_EQ(finding(std::string(200, ' '), {.bytes = 100}), "x.yaml: error: larger than 100 bytes\n");
  EXPECT_EQ(finding("[[[1]]]", {.depth = 2}), "x.yaml:1:3: error: nested deeper than 2 levels\n");
  EXPECT_EQ(finding("[1, 2, 3]", {.nodes = 2}),
            "x.yaml:1:8: error: more than 2 values once the aliases are written out\n");
  EXPECT_NE(finding(std::string(3'000'000, '[')), "");
  EXPECT_NE(finding(std::string(3'000'000, '{')), "");
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_EQ(finding(deep), "x.yaml:65:65: error: nested deeper than 64 levels\n");
}

TEST(YamlReader, RefusesKeysThatAreNoText) {
  EXPECT_EQ(finding("? [a]\n: 1\n"), "x.yaml:1:3: error: a key must be text, not a map or a list\n");
  EXPECT_EQ(finding("~: 1\n"), "x.yaml:1:1: error: a key must be text\n");
  EXPECT_EQ(finding("a: &k x\n*k : 1\n"), "x.yaml:2:1: error: a key must be text, not an alias\n");
}

TEST(YamlReader, FindsEachDoubledKeyAndGoesOn) {
  EXPECT_EQ(finding("a: 1\na: 2\nb: {c: 1, c: 2}\n"),
            "x.yaml:2:1: error: the key `a` stands here twice, first at x.yaml:1:1\n"
            "x.yaml:3:11: error: the key `c` stands here twice, first at x.yaml:3:5\n");
}

TEST(YamlReader, SurvivesEveryCutOfAFile) {
  const std::string whole = "a: &x {b: [1, 'two', \"three\\n\"], c: |\n  text\n}\nd: *x\n# end\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Findings findings;
    const auto node = read_yaml(whole.substr(0, length), "x.yaml", findings);
    EXPECT_EQ(node.has_value(), !findings.has_errors()) << length;
  }
}

TEST(YamlReader, SaysWhyAFileCannotBeRead) {
  Findings findings;
  EXPECT_FALSE(read_text_file("/nowhere/x.yaml", findings));
  EXPECT_FALSE(read_text_file("/", findings));
  EXPECT_FALSE(read_text_file("/dev/zero", findings, {.bytes = 1000}));
  EXPECT_EQ(findings.to_text(),
            "/: error: is a directory\n/dev/zero: error: larger than 1000 bytes\n/nowhere/x.yaml: error: "
            "cannot be read\n");
}

TEST(YamlReader, ReadsFiles) {
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / "tactus_yaml_reader_test.yaml";
  std::ofstream(file) << "a: 1\n";
  Findings findings;
  EXPECT_EQ(read_text_file(file, findings), "a: 1\n");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace tactus
