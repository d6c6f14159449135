// A plug-in that does what must not be done on the beat.
#include "tactus.hpp"
#include "tests/guard/offences.hpp"

namespace tactus::test {

class Offender : public Generator {
 public:
  void configure(Configuration& configuration) override {
    prepare_offences();
    for (const Offence& offence : offences())
      if (offence.name == deed()) offence_ = &offence;
    if (offence_ == nullptr && deed() != "none") configuration.refuse("deed", "is not in the list");
  }
  void update(const Beat& beat) override {
    value = 1;
    if (offence_ != nullptr && beat.number == static_cast<std::uint64_t>(when()))
      value = offence_->commit() ? 1 : 0;
  }

 private:
  Parameter<std::string> deed{
      *this, "deed", {.initial = "none"}, "what it does; tests/guard/offences.cpp has them"};
  Parameter<std::int64_t> when{*this, "when", {.initial = 30}, "the beat on which it does it"};
  Output value{*this, "value", "1", "0: it had another effect than usual"};
  const Offence* offence_ = nullptr;
};

TACTUS_PLUGIN(Offender, "offender", "does what must not be done on the beat")

}  // namespace tactus::test
