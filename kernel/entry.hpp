#pragma once

#include <concepts>
#include <memory>
#include <type_traits>

namespace tactus::kernel {

/// A function to be called later with an object to call it on. Owns nothing and takes no memory: the object
/// must outlive it. Three ways to make one:
///
///     Entry{function, argument}          // void function(void*)
///     Entry{callable}                    // a lambda or function object that has a name
///     Entry::member<&Chain::run>(chain)  // a member function
class Entry {
 public:
  using Function = void (*)(void*);

  constexpr Entry(Function function, void* argument) noexcept : function_(function), argument_(argument) {}

  template <class Callable>
  requires(std::is_object_v<Callable> && !std::same_as<std::remove_const_t<Callable>, Entry> &&
           std::invocable<Callable&>) Entry(Callable& callable)
  noexcept  // NOLINT(google-explicit-constructor): a named lambda is an entry
      : function_([](void* object) { (*static_cast<Callable*>(object))(); }),
        argument_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))) {}

  template <auto method, class Class>
  static Entry member(Class& object) noexcept {
    return {[](void* self) { (static_cast<Class*>(self)->*method)(); }, std::addressof(object)};
  }

  void operator()() const { function_(argument_); }

 private:
  Function function_;
  void* argument_;
};

}  // namespace tactus::kernel
