#include "guard/symbols.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>

namespace tactus::guard {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

/// A file as it lies on the disk, mapped for reading; empty if it can't be.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    struct stat about {};
    if (fstat(descriptor, &about) == 0 && about.st_size > 0) {
      size_ = static_cast<std::size_t>(about.st_size);
      data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (data_ == MAP_FAILED) size_ = 0;
    }
    close(descriptor);
  }
  ~MappedFile() {
    if (size_ > 0) munmap(data_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /// `count` objects from `offset` on; null if the file has not as many.
  template <class T>
  const T* at(std::uint64_t offset, std::uint64_t count = 1) const {
    if (offset > size_ || count > (size_ - offset) / sizeof(T) || offset % alignof(T) != 0) return nullptr;
    return reinterpret_cast<const T*>(static_cast<const char*>(data_) + offset);
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

std::string readable(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return demangled != nullptr ? demangled.get() : name;
}

std::string hexadecimal(std::uint64_t number) {
  std::ostringstream text;
  text << "+0x" << std::hex << number;
  return text.str();
}

std::string file_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

std::string Place::text() const {
  if (file.empty()) return "code in no file";
  return function.empty() ? file + hexadecimal(offset) : function + hexadecimal(offset) + " (" + file + ")";
}

Place Symbols::place_of(const void* address) {
  const char* const call = static_cast<const char*>(address) - 1;  // the return address is behind it
  Dl_info info{};
  link_map* object = nullptr;
  if (dladdr1(call, &info, reinterpret_cast<void**>(&object), RTLD_DL_LINKMAP) == 0 || object == nullptr)
    return {};
  // The linker knows the program itself by no name.
  const std::string path = object->l_name[0] != '\0' ? object->l_name : "/proc/self/exe";
  const std::string name = object->l_name[0] != '\0' ? file_name(path) : file_name(info.dli_fname);
  const auto offset = reinterpret_cast<std::uintptr_t>(call) - object->l_addr;
  const auto known = tables_.find(path);
  const Table& table = known != tables_.end() ? known->second : tables_[path] = read_table(path);
  auto after = std::ranges::upper_bound(table, offset, {}, &Function::begin);
  if (after != table.begin()) {
    const Function& function = *std::prev(after);
    if (offset < function.begin + function.size)
      return {name, readable(function.name.c_str()), offset + 1 - function.begin};
  }
  return {name, "", offset + 1};
}

Symbols::Table Symbols::read_table(const std::string& path) {
  Table table;
  const MappedFile file(path);
  const auto* const header = file.at<Header>(0);
  if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return table;
  const auto* const sections = file.at<Section>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return table;
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const Section& section = sections[i];
    if ((section.sh_type != SHT_SYMTAB && section.sh_type != SHT_DYNSYM) ||
        section.sh_link >= header->e_shnum)
      continue;
    const std::uint64_t count = section.sh_size / sizeof(Symbol);
    const auto* const symbols = file.at<Symbol>(section.sh_offset, count);
    const Section& names = sections[section.sh_link];
    const char* const text = file.at<char>(names.sh_offset, names.sh_size);
    if (symbols == nullptr || text == nullptr || names.sh_size == 0 || text[names.sh_size - 1] != '\0')
      continue;
    for (std::uint64_t s = 0; s < count; ++s) {
      const Symbol& symbol = symbols[s];
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_value == 0) continue;
      if (symbol.st_name < names.sh_size)
        table.push_back({symbol.st_value, symbol.st_size, text + symbol.st_name});
    }
  }
  std::ranges::stable_sort(table, {}, &Function::begin);
  return table;
}

}  // namespace tactus::guard
