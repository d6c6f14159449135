#include "interpreter/node.hpp"

#include <gtest/gtest.h>

#include "interpreter/yaml_reader.hpp"

namespace tactus {
namespace {

Node read(const std::string& text) {
  Findings findings;
  std::optional<Node> node = read_yaml(text, "x.yaml", findings);
  EXPECT_EQ(findings.to_text(), "");
  return node.value_or(Node());
}

bool same(const Node& a, const Node& b) {
  if (a.kind() != b.kind() || a.text() != b.text() || a.quoted() != b.quoted()) return false;
  if (a.items().size() != b.items().size() || a.entries().size() != b.entries().size()) return false;
  for (std::size_t i = 0; i < a.items().size(); ++i)
    if (!same(a.items()[i], b.items()[i])) return false;
  for (std::size_t i = 0; i < a.entries().size(); ++i)
    if (a.entries()[i].key != b.entries()[i].key || !same(a.entries()[i].value, b.entries()[i].value))
      return false;
  return true;
}

TEST(Node, ReadsBackAsTheSameTree) {
  for (const char* text : {
           "a: 1\nb: {c: [1, 2.5, -3 mV, 50 %], d: {e: {}}}\n",
           "'a b': \"x: y\"\n\"true\": true\n\"null\": ~\n'': ''\n",
           "text: \"line\\nline\\ttab\\\"quote\\\\ \\x01\"\nunicode: 'µm Ω'\n",
           "[1, [], {}, ~, 'on', on, '3', -.inf, .nan, 22:30, '- a', '#x', 'a # b']\n",
           "just text\n",
           "a: |\n  block\n  of text\n",
           "path: /dev/comedi0\nkey: x.y.z\nnumber: -1e-3\n",
       }) {
    const Node tree = read(text);
    EXPECT_TRUE(same(tree, read(to_yaml(tree)))) << text << "->\n" << to_yaml(tree);
  }
}

TEST(Node, WithChangesOneValueAndLeavesTheOriginal) {
  const Node before = read("a: 1\nb: 2\n");
  const Position here{"here"};
  const Node after =
      before.with("a", here, Node::scalar("9", false, here)).with("c", here, Node::scalar("3", false, here));
  EXPECT_EQ(to_yaml(after), "a: 9\nb: 2\nc: 3\n");
  EXPECT_EQ(to_yaml(before), "a: 1\nb: 2\n");
  EXPECT_EQ(after.entries()[0].position, here);
}

TEST(Node, CountsAliasesAsIfWrittenOut) { EXPECT_EQ(read("[&a [1, 2], *a]").weight(), 7); }

}  // namespace
}  // namespace tactus
