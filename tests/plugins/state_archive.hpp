#pragma once
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin/configurable.hpp"

namespace tactus::testing {

/// The state of a plug-in by name, as `save` and `restore` of the engine keep it.
using StateArchive = std::map<std::string, std::vector<double>>;

inline StateArchive save(Configurable& plugin) {
  struct Saver final : StateVisitor {
    using StateVisitor::visit;
    StateArchive archive;
    void visit(const char* name, double* values, std::size_t count) override {
      if (!archive.emplace(name, std::vector<double>(values, values + count)).second)
        throw std::logic_error(std::string("two states are called ") + name);
    }
  } saver;
  plugin.state(saver);
  return saver.archive;
}

inline void restore(Configurable& plugin, const StateArchive& archive) {
  struct Restorer final : StateVisitor {
    using StateVisitor::visit;
    const StateArchive* archive = nullptr;
    void visit(const char* name, double* values, std::size_t count) override {
      const std::vector<double>& saved = archive->at(name);
      if (saved.size() != count) throw std::logic_error(std::string("the size changed of ") + name);
      std::copy(saved.begin(), saved.end(), values);
    }
  } restorer;
  restorer.archive = &archive;
  plugin.state(restorer);
}

}  // namespace tactus::testing
