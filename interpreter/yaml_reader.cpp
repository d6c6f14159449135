#include "interpreter/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unordered_map>

namespace tactus {
namespace {

/// Ends the reading at the first thing that makes the rest worthless.
struct Stop {
  Position position;
  std::string message;
};

/// Builds the tree from the events of the parser: one open container for each level.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, Findings& findings, const YamlLimits& limits)
      : file_(file), findings_(findings), limits_(limits) {}

  std::optional<Node> take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Position position = at(mark);
    if (!open_.empty() && open_.back().wants_key()) throw Stop{position, "a key must be text"};
    add(Node::null(position), anchor, position);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Position position = at(mark);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Stop{position, "this alias stands within the value that it names"};
    if (!open_.empty() && open_.back().wants_key()) throw Stop{position, "a key must be text, not an alias"};
    add(found->second, 0, position, true);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const Position position = at(mark);
    const bool quoted = check_tag(tag, "str", position);
    if (!open_.empty() && open_.back().wants_key()) return take_key(value, position);
    add(Node::scalar(value, quoted, position), anchor, position);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(tag, "seq", at(mark));
    begin(mark, anchor, false);
  }
  void OnSequenceEnd() override {
    Open done = end();
    add(Node::sequence(std::move(done.items), done.position), done.anchor, done.position);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(tag, "map", at(mark));
    begin(mark, anchor, true);
  }
  void OnMapEnd() override {
    Open done = end();
    add(Node::map(std::move(done.entries), done.position), done.anchor, done.position);
  }

  Position at(const YAML::Mark& mark) const {
    return mark.is_null() ? Position{file_} : Position{file_, mark.line + 1, mark.column + 1};
  }

 private:
  struct Open {
    Position position;
    YAML::anchor_t anchor = 0;
    bool is_map = false;
    bool has_key = false;
    std::vector<Node> items{};
    std::vector<Node::Entry> entries{};                // the last one waits for its value while has_key
    std::unordered_map<std::string, Position> keys{};  // written so far
    bool wants_key() const { return is_map && !has_key; }
  };

  /// True if the tag, or the quotes, say that the value is text.
  static bool check_tag(const std::string& tag, const std::string& natural, const Position& position) {
    if (tag.empty() || tag == "?") return false;
    if (tag == "!" || tag == "tag:yaml.org,2002:" + natural) return true;
    throw Stop{position, "the tag " + tag + " is not supported"};
  }

  void begin(const YAML::Mark& mark, YAML::anchor_t anchor, bool is_map) {
    const Position position = at(mark);
    if (!open_.empty() && open_.back().wants_key())
      throw Stop{position, "a key must be text, not a map or a list"};
    if (open_.size() >= limits_.depth)
      throw Stop{position, "nested deeper than " + std::to_string(limits_.depth) + " levels"};
    open_.push_back({position, anchor, is_map});
  }

  Open end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    return done;
  }

  void take_key(const std::string& key, const Position& position) {
    Open& map = open_.back();
    const auto [first, is_new] = map.keys.emplace(key, position);
    if (!is_new)
      findings_.error(position,
                      "the key `" + key + "` stands here twice, first at " + to_string(first->second));
    map.entries.push_back({key, position, Node::null(position)});
    map.has_key = true;
  }

  void add(Node node, YAML::anchor_t anchor, const Position& position, bool is_alias = false) {
    // Of a container that was written out here its content is counted already, of an alias nothing is.
    const std::uint64_t cost = is_alias ? node.weight() : 1;
    if (cost > limits_.nodes - written_) {
      throw Stop{position,
                 "more than " + std::to_string(limits_.nodes) + " values once the aliases are written out"};
    }
    written_ += cost;
    if (anchor != 0) anchors_.insert_or_assign(anchor, node);
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (Open& parent = open_.back(); parent.is_map) {
      parent.entries.back().value = std::move(node);
      parent.has_key = false;
    } else {
      parent.items.push_back(std::move(node));
    }
  }

  const std::string& file_;
  Findings& findings_;
  const YamlLimits& limits_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Node> anchors_;
  std::uint64_t written_ = 0;
  std::optional<Node> root_;
};

/// The length of the UTF-8 sequence at the front; 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  return length;
}

/// The first line that is indented with a tab, or 0.
int line_with_tab(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t indentation = text.find_first_not_of(" \t");
    if (text.substr(0, indentation).find('\t') != std::string_view::npos) return line;
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return 0;
}

/// Refuses what is no text: the parser would guess at it.
bool is_text(std::string_view text, const std::string& file, Findings& findings) {
  Position position{file, 1, 1};
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    const bool control =
        (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
    if (length == 0 || control) {
      findings.error(position, length == 0 ? "not UTF-8 text" : "a control character: this is no text file");
      return false;
    }
    if (c == '\n')
      position = {file, position.line + 1, 1};
    else
      ++position.column;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::optional<Node> read_yaml(std::string_view text, const std::string& file, Findings& findings,
                              const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    findings.error({file}, "larger than " + std::to_string(limits.bytes) + " bytes");
    return std::nullopt;
  }
  if (!is_text(text, file, findings)) return std::nullopt;
  TreeBuilder builder(file, findings, limits);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      findings.error({file}, "the file is empty");
      return std::nullopt;
    }
    TreeBuilder more(file, findings, limits);
    if (parser.HandleNextDocument(more)) {
      const std::optional<Node> second = more.take();
      findings.error(second ? second->position() : Position{file}, "a second document: only one is expected");
      return std::nullopt;
    }
  } catch (const Stop& stop) {
    findings.error(stop.position, stop.message);
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const Position position = builder.at(error.mark);
    if (const int line = line_with_tab(text); line > 0 && line <= position.line)
      findings.error({file, line, 1}, "not YAML: a tab in the indentation, which must be of blanks");
    else
      findings.error(position, "not YAML: " + error.msg);
    return std::nullopt;
  }
  return builder.take();
}

std::optional<std::string> read_text_file(const std::string& path, Findings& findings,
                                          const YamlLimits& limits) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    findings.error({path}, "is a directory");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    findings.error({path}, "cannot be read");
    return std::nullopt;
  }
  std::string text(limits.bytes + 1, '\0');  // a device file has no size to ask for beforehand
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > limits.bytes) {
    findings.error({path}, "larger than " + std::to_string(limits.bytes) + " bytes");
    return std::nullopt;
  }
  return text;
}

}  // namespace tactus
