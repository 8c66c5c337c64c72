using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Gallery.Store.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "deletions",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", nullable: false),
                    person_id = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    face_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    deleted_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deletions", x => new { x.tenant_id, x.gallery_id, x.person_id, x.face_id });
                });

            migrationBuilder.CreateTable(
                name: "galleries",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    verify_threshold = table.Column<float>(type: "REAL", nullable: true),
                    identify_threshold = table.Column<float>(type: "REAL", nullable: true),
                    max_false_accept_rate = table.Column<double>(type: "REAL", nullable: true),
                    max_false_positive_rate = table.Column<double>(type: "REAL", nullable: true),
                    ambiguity_margin = table.Column<float>(type: "REAL", nullable: true),
                    min_quality = table.Column<float>(type: "REAL", nullable: true),
                    embedding_contract = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    dimension = table.Column<int>(type: "INTEGER", nullable: false),
                    revision = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_galleries", x => new { x.tenant_id, x.gallery_id });
                });

            migrationBuilder.CreateTable(
                name: "persons",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", nullable: false),
                    person_id = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    external_id = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    metadata = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_persons", x => new { x.tenant_id, x.gallery_id, x.person_id });
                    table.ForeignKey(
                        name: "FK_persons_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "gallery_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "faces",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "TEXT", nullable: false),
                    gallery_id = table.Column<string>(type: "TEXT", nullable: false),
                    face_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    person_id = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    embedding_contract = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    embedding = table.Column<byte[]>(type: "BLOB", nullable: false),
                    photo_sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    face_ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    item_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    box_x = table.Column<float>(type: "REAL", nullable: false),
                    box_y = table.Column<float>(type: "REAL", nullable: false),
                    box_width = table.Column<float>(type: "REAL", nullable: false),
                    box_height = table.Column<float>(type: "REAL", nullable: false),
                    quality_score = table.Column<float>(type: "REAL", nullable: false),
                    sharpness = table.Column<float>(type: "REAL", nullable: false),
                    brightness = table.Column<float>(type: "REAL", nullable: false),
                    yaw = table.Column<float>(type: "REAL", nullable: false),
                    pitch = table.Column<float>(type: "REAL", nullable: false),
                    roll = table.Column<float>(type: "REAL", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_faces", x => new { x.tenant_id, x.gallery_id, x.face_id });
                    table.ForeignKey(
                        name: "FK_faces_persons_tenant_id_gallery_id_person_id",
                        columns: x => new { x.tenant_id, x.gallery_id, x.person_id },
                        principalTable: "persons",
                        principalColumns: new[] { "tenant_id", "gallery_id", "person_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_faces_tenant_id_gallery_id_person_id",
                table: "faces",
                columns: new[] { "tenant_id", "gallery_id", "person_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deletions");

            migrationBuilder.DropTable(
                name: "faces");

            migrationBuilder.DropTable(
                name: "persons");

            migrationBuilder.DropTable(
                name: "galleries");
        }
    }
}
