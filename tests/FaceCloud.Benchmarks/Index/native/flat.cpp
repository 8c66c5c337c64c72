// Times faiss' exact inner-product index on the vectors of the benchmark.
// flat VECTORS COUNT DIMENSION QUERIES QUERY_COUNT K ROUNDS ANSWERS
#include <faiss/IndexFlat.h>

#include "common.h"

int main(int, char** args) {
    const Work work(args);
    faiss::IndexFlatIP index(work.dimension);
    {
        const auto vectors = work.vectors();
        index.add(work.count, vectors.data());
    }

    std::vector<float> scores(work.queryCount * work.k);
    std::vector<faiss::Index::idx_t> ids(work.queryCount * work.k);
    const auto& queries = work.queries;
    report("single", work.rounds, [&](size_t round) {
        const size_t query = round % work.queryCount;
        index.search(1, &queries[query * work.dimension], work.k, &scores[query * work.k], &ids[query * work.k]);
    });
    report("batch", (work.rounds + 2) / 3, [&](size_t) {
        index.search(work.queryCount, queries.data(), work.k, scores.data(), ids.data());
    });
    work.write(ids);
}
