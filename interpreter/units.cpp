#include "interpreter/units.hpp"

#include <udunits2.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <mutex>

#include "interpreter/number.hpp"
#include "interpreter/unit_product.hpp"
#include "interpreter/words.hpp"

namespace tactus {

/// Takes a UDUNITS unit apart, from the outside in.
class UnitReader {
 public:
  static void read(const ut_unit* unit, Unit& result) {
    static const ut_visitor visitor{basic, product, galilean, timestamp, logarithmic};
    if (ut_accept_visitor(unit, &visitor, &result) != UT_SUCCESS)
      throw UnitError("`" + result.text_ + "` is a date or a logarithm, which values here cannot have");
  }

 private:
  static ut_status basic(const ut_unit* unit, void* result) {
    static_cast<Unit*>(result)->powers_[ut_get_symbol(unit, UT_ASCII)] += 1;
    return UT_SUCCESS;
  }
  static ut_status product(const ut_unit*, int count, const ut_unit* const* units, const int* powers,
                           void* result) {
    for (int i = 0; i < count; ++i) {
      static_cast<Unit*>(result)->powers_[ut_get_symbol(units[i], UT_ASCII)] += powers[i];
    }
    return UT_SUCCESS;
  }
  static ut_status galilean(const ut_unit*, double scale, const ut_unit* inner, double origin, void* result) {
    const ut_visitor visitor{basic, product, galilean, timestamp, logarithmic};
    Unit& unit = *static_cast<Unit*>(result);
    unit.offset_ += unit.scale_ * scale * origin;
    unit.scale_ *= scale;
    return ut_accept_visitor(inner, &visitor, result);
  }
  static ut_status timestamp(const ut_unit*, const ut_unit*, double, void*) { return UT_VISIT_ERROR; }
  static ut_status logarithmic(const ut_unit*, double, const ut_unit*, void*) { return UT_VISIT_ERROR; }
};

namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The database of units, as it comes with UDUNITS-2 and as our rules change it. UDUNITS-2 knows no threads.
class UnitSystem {
 public:
  UnitSystem() {
    ut_set_error_message_handler(ut_ignore);
    system_ = ut_read_xml(nullptr);
    if (system_ == nullptr) {
      throw UnitError(
          "the UDUNITS-2 database cannot be read; install it (udunits2.xml), or name it in "
          "UDUNITS2_XML_PATH");
    }
    // A frequency counts cycles, and a cycle is 2 pi rad: for UDUNITS-2 both are pure numbers.
    redefine("hertz", "Hz", "2 pi rad/s");
    define("deg", "pi/180 rad");
    define("rev", "2 pi rad");
    add_base("dB");  // a level without a reference: good for itself and for nothing else
    for (const char letter : letters) {
      const std::string name(1, letter);
      if (Handle known(ut_parse(system_, name.c_str(), UT_UTF8)); !known) add_base(name, "$" + name);
    }
  }

  void read(Unit& unit, const std::string& text) {
    const std::lock_guard lock(mutex_);
    const Handle parsed(ut_parse(system_, text.c_str(), UT_UTF8));
    if (!parsed) throw UnitError("`" + text + "` is no unit that UDUNITS-2 knows");
    UnitReader::read(parsed.get(), unit);
  }

 private:
  struct Release {
    void operator()(ut_unit* unit) const { ut_free(unit); }
  };
  using Handle = std::unique_ptr<ut_unit, Release>;

  void define(const char* symbol, const char* definition) {
    const Handle unit(ut_parse(system_, definition, UT_UTF8));
    ut_map_symbol_to_unit(symbol, UT_ASCII, unit.get());
  }
  void redefine(const char* name, const char* symbol, const char* definition) {
    const Handle unit(ut_parse(system_, definition, UT_UTF8));
    ut_unmap_name_to_unit(system_, name, UT_ASCII);
    ut_unmap_symbol_to_unit(system_, symbol, UT_ASCII);
    ut_map_name_to_unit(name, UT_ASCII, unit.get());
    ut_map_symbol_to_unit(symbol, UT_ASCII, unit.get());
  }
  void add_base(const std::string& symbol, const std::string& shown = {}) {
    const Handle unit(ut_new_base_unit(system_));
    ut_map_symbol_to_unit(symbol.c_str(), UT_ASCII, unit.get());
    ut_map_unit_to_symbol(unit.get(), (shown.empty() ? symbol : shown).c_str(), UT_ASCII);
  }

  std::mutex mutex_;
  ut_system* system_ = nullptr;
};

/// Factors between units are short decimals nearly always; what the products of UDUNITS-2 add in the last
/// digit is taken off.
double without_noise(double factor) {
  char text[32];
  std::snprintf(text, sizeof text, "%.14g", factor);
  const double rounded = *core_number(text);
  return std::abs(rounded - factor) <= 4e-16 * std::abs(factor) ? rounded : factor;
}

void require_convertible(const Unit& from, const Unit& to) {
  if (!from.convertible_to(to)) throw UnitError(from.text() + " cannot be converted to " + to.text());
}

}  // namespace

Unit Unit::parse(std::string_view text) {
  static UnitSystem system;
  Unit unit;
  unit.text_ = trim(text);
  if (unit.text_.empty()) unit.text_ = "1";
  if (unit.text_.find('\0') != std::string::npos) throw UnitError("a unit must be text");
  system.read(unit, unit.text_);
  std::erase_if(unit.powers_, [](const auto& power) { return power.second == 0; });
  return unit;
}

bool Unit::operator==(const Unit& other) const {
  constexpr double tolerance = 1e-12;
  return convertible_to(other) && std::abs(scale_ - other.scale_) <= tolerance * std::abs(scale_) &&
         std::abs(offset_ - other.offset_) <= tolerance * std::abs(offset_);
}

std::map<char, int> Unit::variables() const {
  std::map<char, int> result;
  for (const auto& [name, power] : powers_) {
    if (name.front() == '$') result[name[1]] = power;
  }
  return result;
}

Conversion conversion(const Unit& from, const Unit& to, Quantity quantity) {
  require_convertible(from, to);
  const double scale = from == to ? 1 : without_noise(from.scale() / to.scale());
  const double offset = from == to ? 0 : (from.offset() - to.offset()) / to.scale();
  return {scale, quantity == Quantity::absolute ? offset : 0};
}

double convert(double value, const Unit& from, const Unit& to, Quantity quantity) {
  const Conversion straight = conversion(from, to, quantity);
  if (straight.is_identity()) return value;
  const double inverse = without_noise(to.scale() / from.scale());
  const bool divides = std::abs(inverse) > 1 && inverse == std::round(inverse);
  return (divides ? value / inverse : value * straight.scale) + straight.offset;
}

namespace {

/// Whether some word of a unit is a number, which UDUNITS-2 would multiply: `s 3`. `1/s` and `s-1` are fine.
bool has_number(std::string_view unit) {
  for (std::size_t at = 0; at < unit.size(); ++at) {
    if (at > 0 && unit[at - 1] != ' ') continue;
    const std::string_view word = unit.substr(at);
    if (decimal_prefix(word) > 0 && !word.starts_with("1/")) return true;
  }
  return false;
}

}  // namespace

Unit quotient(const Unit& above, const Unit& below) {
  UnitProduct product = UnitProduct::parse(above.text());
  product.multiply(UnitProduct::parse(below.text()), -1);
  return Unit::parse(product.text());
}

std::optional<Literal> parse_literal(std::string_view text) {
  text = trim(text);
  const std::size_t length = decimal_prefix(text);
  const std::optional<double> value = core_number(text.substr(0, length));
  if (length == 0 || !value) return std::nullopt;
  Literal literal{*value, std::string(text.substr(0, length)), std::nullopt};
  const std::string_view rest = trim(text.substr(length));
  if (rest.empty()) return literal;
  if (has_number(rest)) throw UnitError("`" + std::string(text) + "` has two numbers");
  literal.unit = Unit::parse(rest);
  if (const auto variables = literal.unit->variables(); !variables.empty())
    throw UnitError("`" + std::string(1, variables.begin()->first) + "` is no unit that UDUNITS-2 knows");
  return literal;
}

}  // namespace tactus
