#include "interpreter/expression.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "interpreter/number.hpp"

namespace tactus {
namespace {

struct Token {
  enum class Kind : unsigned char { end, number, name, sign };
  Kind kind = Kind::end;
  std::string text;
  std::size_t at = 0;
};

class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(std::size_t at, const std::string& text) : std::runtime_error(text), at_(at) {}
  std::size_t at() const { return at_; }

 private:
  std::size_t at_;
};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(std::string_view text) { return text == "and" || text == "or" || text == "not"; }

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) { next(); }

  const Token& current() const { return current_; }
  bool is(std::string_view text) const {
    return current_.text == text && (current_.kind == Token::Kind::sign || is_word(text));
  }
  Token take() {
    Token taken = current_;
    next();
    return taken;
  }
  bool take_if(std::string_view text) {
    if (!is(text)) return false;
    next();
    return true;
  }

 private:
  void next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    current_ = {Token::Kind::end, "", at_};
    if (at_ == text_.size()) return;
    if (is_digit(text_[at_]) || text_[at_] == '.') return number();
    if (is_letter(text_[at_])) return name();
    sign();
  }

  void number() {
    const std::size_t digits = decimal_prefix(text_.substr(at_));
    if (digits == 0) throw SyntaxError(at_, "a number is expected here");
    std::size_t end = at_ + digits;
    const std::size_t unit = std::min(text_.find_first_not_of(' ', end), text_.size());
    const std::size_t unit_end = end_of_unit(unit);
    if (unit_end > unit && !is_word(text_.substr(unit, unit_end - unit))) end = unit_end;
    take_until(Token::Kind::number, end);
  }

  /// A unit begins with a letter, `%` or a degree sign, or with `1/`; it goes on as long as it can.
  std::size_t end_of_unit(std::size_t from) const {
    const auto begins = [](char c) {
      return is_letter(c) || c == '%' || static_cast<unsigned char>(c) > 127;
    };
    std::size_t at = from;
    if (text_.substr(at).starts_with("1/")) at += 2;
    if (at >= text_.size() || !begins(text_[at])) return from;
    while (at < text_.size()) {
      const char c = text_[at];
      const bool joins = (c == '/' || c == '*' || c == '.' || c == '^' || c == '-') &&
                         at + 1 < text_.size() &&
                         (begins(text_[at + 1]) || is_digit(text_[at + 1]) || text_[at + 1] == '-');
      if (!begins(c) && !is_digit(c) && c != '_' && !joins) break;
      ++at;
    }
    return at;
  }

  void name() {
    std::size_t end = at_;
    while (end < text_.size()) {
      const char c = text_[end];
      const bool joins = (c == '.' || c == '-') && end + 1 < text_.size() && is_letter(text_[end + 1]);
      if (!is_letter(c) && !is_digit(c) && c != '_' && !joins) break;
      ++end;
    }
    take_until(Token::Kind::name, end);
  }

  void sign() {
    for (const char* const known : {"<=", ">=", "==", "!="}) {
      if (text_.substr(at_).starts_with(known)) return take_until(Token::Kind::sign, at_ + 2);
    }
    if (std::string_view("<>+-*/(),").find(text_[at_]) == std::string_view::npos)
      throw SyntaxError(at_, "`" + std::string(1, text_[at_]) + "` has no meaning here");
    take_until(Token::Kind::sign, at_ + 1);
  }

  void take_until(Token::Kind kind, std::size_t end) {
    current_ = {kind, std::string(text_.substr(at_, end - at_)), at_};
    at_ = end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token current_;
};

class Parser {
 public:
  Parser(std::string_view text, Position begin) : tokens_(text), begin_(std::move(begin)) {}

  Expression parse() {
    Expression result = condition();
    if (tokens_.current().kind != Token::Kind::end) fail("an operator is expected before");
    return result;
  }

 private:
  using Level = Expression (Parser::*)();

  [[noreturn]] void fail(const std::string& text) const {
    const Token& token = tokens_.current();
    throw SyntaxError(token.at, token.kind == Token::Kind::end ? "the end comes too early"
                                                               : text + " `" + token.text + "`");
  }

  Position position(const Token& token) const {
    Position result = begin_;
    result.column += static_cast<int>(token.at);
    return result;
  }

  Expression condition() { return chain({"or"}, &Parser::conjunction); }
  Expression conjunction() { return chain({"and"}, &Parser::negation); }
  Expression sum() { return chain({"+", "-"}, &Parser::product); }
  Expression product() { return chain({"*", "/"}, &Parser::factor); }

  /// Operands of one level, joined from the left.
  Expression chain(std::initializer_list<const char*> operators, Level operand) {
    Expression left = (this->*operand)();
    while (std::ranges::any_of(operators, [&](const char* each) { return tokens_.is(each); })) {
      const Token sign = tokens_.take();
      Expression right = (this->*operand)();
      left = binary(sign, std::move(left), std::move(right));
    }
    return left;
  }

  Expression negation() {
    const Nesting nesting(*this);
    if (!tokens_.is("not")) return comparison();
    const Token word = tokens_.take();
    return unary(word, negation());
  }

  Expression comparison() {
    const auto compares = [this] {
      constexpr std::array signs{"<", "<=", ">", ">=", "==", "!="};
      return std::ranges::any_of(signs, [this](const char* each) { return tokens_.is(each); });
    };
    Expression left = sum();
    if (!compares()) return left;
    const Token sign = tokens_.take();
    Expression both = binary(sign, std::move(left), sum());
    if (compares()) fail("two comparisons in a row are joined by `and`; here is");
    return both;
  }

  Expression factor() {
    const Nesting nesting(*this);
    const Token& token = tokens_.current();
    if (tokens_.is("-")) {
      const Token sign = tokens_.take();
      return unary(sign, factor());
    }
    if (tokens_.take_if("(")) {
      Expression inside = condition();
      if (!tokens_.take_if(")")) fail("`)` is expected before");
      return inside;
    }
    if (token.kind == Token::Kind::number) return leaf(Expression::Kind::number);
    if (token.kind == Token::Kind::name && !is_word(token.text)) return name_or_call();
    fail("a number or a name is expected in the place of");
  }

  Expression name_or_call() {
    Expression result = leaf(Expression::Kind::name);
    if (result.text == "command" && tokens_.current().kind == Token::Kind::name &&
        !is_word(tokens_.current().text))
      return leaf(Expression::Kind::command);
    if (!tokens_.take_if("(")) return result;
    result.kind = Expression::Kind::call;
    do {
      result.parts.push_back(condition());
    } while (tokens_.take_if(","));
    if (!tokens_.take_if(")")) fail("`)` or `,` is expected before");
    return result;
  }

  Expression leaf(Expression::Kind kind) {
    const Token token = tokens_.take();
    return {kind, token.text, {}, position(token)};
  }
  Expression unary(const Token& sign, Expression operand) const {
    Expression result{Expression::Kind::unary, sign.text, {}, position(sign)};
    result.parts.push_back(std::move(operand));
    return result;
  }
  Expression binary(const Token& sign, Expression left, Expression right) const {
    Expression result{Expression::Kind::binary, sign.text, {}, position(sign)};
    result.parts.push_back(std::move(left));
    result.parts.push_back(std::move(right));
    return result;
  }

  /// Bounds the recursion: nobody writes a hundred brackets.
  struct Nesting {
    explicit Nesting(Parser& parser) : owner(parser) {
      if (++owner.nesting_ > 100) throw SyntaxError(owner.tokens_.current().at, "it is nested too deeply");
    }
    ~Nesting() { --owner.nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    Parser& owner;
  };

  Tokens tokens_;
  Position begin_;
  int nesting_ = 0;
};

void collect(const Expression& expression, std::vector<SignalName>& found) {
  const auto add = [&](const std::string& name, const Position& position) {
    if (name.find('.') != std::string::npos && std::ranges::count(found, name, &SignalName::text) == 0)
      found.push_back({name, position});
  };
  if (expression.kind == Expression::Kind::name) add(expression.text, expression.position);
  if (expression.kind == Expression::Kind::call && expression.text == "mode") {
    for (const Expression& part : expression.parts) add(signal_of_mode(part.text).first, part.position);
    return;
  }
  for (const Expression& part : expression.parts) collect(part, found);
}

}  // namespace

bool read_expression(const Node& node, const std::string& what, Findings& findings, Expression& result) {
  if (!node.is_scalar()) {
    findings.error(node.position(), what + " must be a condition, this is " + node.kind_name());
    return false;
  }
  Position begin = node.position();
  if (node.quoted()) ++begin.column;
  try {
    result = Parser(node.text(), begin).parse();
    return true;
  } catch (const SyntaxError& error) {
    begin.column += static_cast<int>(error.at());
    findings.error(begin, what + ": " + error.what());
    return false;
  }
}

std::vector<SignalName> signals_of(const Expression& expression) {
  std::vector<SignalName> found;
  collect(expression, found);
  return found;
}

std::vector<std::string> modes_of(const Expression& expression) {
  std::vector<std::string> found;
  if (expression.kind == Expression::Kind::call && expression.text == "mode") {
    for (const Expression& part : expression.parts) found.push_back(part.text);
  }
  for (const Expression& part : expression.parts)
    std::ranges::move(modes_of(part), std::back_inserter(found));
  return found;
}

std::pair<std::string, std::string> signal_of_mode(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {};
  return {name.substr(0, dot) + ".mode", name.substr(dot + 1)};
}

}  // namespace tactus
