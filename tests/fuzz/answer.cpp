// Every typed reader of an API answer: it returns or throws FieldError, and the same each time.
#include "actions/cloud/fields.h"
#include "actions/cloud/listing.h"
#include "tests/actions/cloud/readers.h"
#include "tests/fuzz/check.h"

#include <cstdint>

using namespace hcloud;
using nlohmann::json;

namespace {

void read(const cloud::Reader& reader, const json& answer) {
    try {
        fuzz::check(reader.same(answer, answer), "what is read twice is the same");
    } catch (const cloud::FieldError& error) {
        fuzz::check(error.what()[0] != '\0', "an error says what is wrong");
    }
}

void turn_page(const json& answer) {
    try {
        const auto next = cloud::next_page(cloud::Fields(answer, ""), 3);
        fuzz::check(!next || *next > 3, "pages go on");
    } catch (const cloud::FieldError& error) {
        fuzz::check(error.what()[0] != '\0', "an error says what is wrong");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const json answer = json::parse(data, data + size, nullptr, false);
    if (!answer.is_object()) return 0;
    for (const auto& reader : cloud::readers()) {
        if (answer.contains(reader.key)) read(reader, answer);
    }
    turn_page(answer);
    return 0;
}
