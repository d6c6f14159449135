#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tactus {

/// Number of letters to insert, drop, replace or exchange with a neighbour to make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known word that the user may have meant, or nothing if none is near. Upper and lower case are near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known);

/// `; did you mean `x`?`, or, if nothing is near, what there is to choose from; nothing for many.
std::string hint(std::string_view word, std::span<const std::string> known);

/// `a, b, c`.
std::string join(std::span<const std::string> words, std::string_view between = ", ");

/// The parts between the separators; one empty part for an empty text.
std::vector<std::string> split(std::string_view text, char separator);

/// Without blanks at its ends.
std::string_view trim(std::string_view text);

/// Whether it may be the name of a component or a signal: a letter, then letters, digits, `_` and `-`.
bool is_name(std::string_view text);

}  // namespace tactus
